import type { DenseFeatures, FeatureTable, SparseFeatures } from '@rodpo/encoder';
import { seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';

/** Every third item lacks a text, every fourth an image; there `filler` stands. */
export function makeFeatures(filler = 0): Record<'text' | 'image', DenseFeatures> {
  const random = seededRandom(6);
  const feature = (width: number, every: number) => {
    const present = Array.from({ length: 20 }, (_, item) => (item % every === 0 ? 0 : 1));
    const rows = present.map((isThere) =>
      Array.from({ length: width }, () => (isThere ? 2 * random() - 1 : filler)),
    );
    return { vectors: tf.tensor2d(rows), present: tf.tensor1d(present) };
  };
  return { text: feature(5, 3), image: feature(3, 4) };
}

/** The same in the other form: columns from the last to the first, behind a filler. */
function asSparse({ vectors, present }: DenseFeatures): SparseFeatures {
  const [itemCount, width] = vectors.shape;
  const order = Array.from({ length: width }, (_, column) => width - 1 - column);
  return {
    columns: tf.tensor2d(Array(itemCount).fill([0, ...order]), [itemCount, width + 1], 'int32'),
    values: tf.concat([tf.zeros([itemCount, 1]), tf.reverse(vectors, 1)], 1) as tf.Tensor2D,
    present,
  };
}

/** Those of `names` in the other form. */
export function withSparse(
  features: Readonly<Record<string, DenseFeatures>>,
  names: readonly string[] = Object.keys(features),
): FeatureTable {
  const form = ([name, own]: [string, DenseFeatures]) => [
    name,
    names.includes(name) ? asSparse(own) : own,
  ];
  return Object.fromEntries(Object.entries(features).map(form));
}
