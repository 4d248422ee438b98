import { embeddingBag } from '@rodpo/ops';
import {
  add,
  concat,
  expandDims,
  matMul,
  mul,
  ones,
  onesLike,
  softmax,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { FeatureTable, ItemFeatures } from './sequence-encoder.ts';

/** How streams become one: see `fuse`. */
export type Fusion = 'early' | 'gated' | 'late';

/** One way of knowing items, for every item. */
export interface ItemStream {
  /** `[itemCount, dimension]`. */
  readonly vectors: Tensor2D;
  /** `[itemCount]`: 1 = the item has it. */
  readonly present: Tensor;
}

/**
 * A modality's vectors, projected to the encoder's dimension. Items without it get the learned
 * vector `missing`, or zeros, whatever finite numbers their row holds.
 */
export function projectedStream(
  features: ItemFeatures,
  weight: (name: string) => Tensor,
  absent: 'learned' | 'zeros' = 'learned',
): ItemStream {
  const { present } = features;
  return tidy(() => {
    const column = expandDims(present, 1);
    const linear = add(projection(features, weight('kernel') as Tensor2D), weight('bias'));
    const known = mul<Tensor2D>(linear, column);
    if (absent === 'zeros') return { vectors: known, present: present.clone() };
    const filled = add<Tensor2D>(known, mul(weight('missing'), sub(1, column)));
    return { vectors: filled, present: present.clone() };
  });
}

function projection(features: ItemFeatures, kernel: Tensor2D): Tensor2D {
  if ('vectors' in features) return matMul(features.vectors, kernel);
  return embeddingBag(kernel, features.columns, features.values);
}

/** @throws {TypeError} if there are none of the modality */
export function featuresOf(features: FeatureTable, modality: string): ItemFeatures {
  const known = features[modality];
  if (known) return known;
  throw new TypeError(`The encoder reads '${modality}', but no features of it came.`);
}

/** The stream of an embedding table: every item has an id. */
export function idStream(table: Tensor): ItemStream {
  return { vectors: table as Tensor2D, present: ones([table.shape[0]!]) };
}

/**
 * The stream of ids where no item has a trained row.
 *
 * - `mean`: the mean row for each, as if each had it. Of a linear fusion it gives the mean of the vectors that
 *   items of these features have under all trained rows, of towers the mean score.
 * - `absent`: zeros, marked as what the items do not have, so that `gated` fusion leaves it out.
 *
 * @param row `[1, dimension]`, the mean of the trained rows
 * @param known a modality of the same items, for their number
 */
export function newIdStream(
  row: Tensor,
  { present }: ItemFeatures,
  as: 'mean' | 'absent',
): ItemStream {
  return tidy(() => {
    // Made by kernels of a tensor, not by `zeros` and `ones`: in an exported model the number is dynamic.
    const none = matMul<Tensor2D>(expandDims(zerosLike(present), 1), row as Tensor2D);
    if (as === 'absent') return { vectors: none, present: zerosLike(present) };
    return { vectors: add<Tensor2D>(none, row), present: onesLike(present) };
  });
}

/**
 * - `early`: a linear layer over the streams side by side, `[itemCount, dimension]`.
 * - `gated`: their sum, weighted by a softmax over those that the item has, of a linear layer over
 *   the streams side by side; zeros if it has none. Wants streams that are zeros where absent.
 * - `late`: side by side, `[itemCount, streams · dimension]`, for one tower per stream.
 *
 * One stream alone is itself.
 */
export function fuse(
  streams: readonly ItemStream[],
  fusion: Fusion,
  weight: (name: string) => Tensor,
): Tensor2D {
  if (streams.length === 1) return streams[0]!.vectors;
  return tidy(() => {
    const side = concat(
      streams.map(({ vectors }) => vectors),
      1,
    );
    if (fusion === 'late') return side;
    const linear = add(matMul(side, weight('kernel') as Tensor2D), weight('bias')) as Tensor2D;
    return fusion === 'early' ? linear : gated(streams, linear);
  });
}

/** Added to the gate of a stream that the item does not have. */
const forbidden = -1e9;

function gated(streams: readonly ItemStream[], logits: Tensor2D): Tensor2D {
  const present = stack(
    streams.map((stream) => stream.present),
    1,
  );
  const open = add(logits, mul(sub(1, present), forbidden));
  const shares = softmax(open);
  const vectors = stack(
    streams.map((stream) => stream.vectors),
    1,
  );
  return sum(mul(vectors, expandDims(shares, 2)), 1);
}
