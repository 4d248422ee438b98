import type { FeatureTable } from '@rodpo/encoder';
import { seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';

/** Every third item lacks a text, every fourth an image; there `filler` stands. */
export function makeFeatures(filler = 0): FeatureTable {
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
