import { lookup, scoreItems } from '@rodpo/encoder';
import { expandDims, mul, reshape, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { EncodedBatch } from './encoded-batch.ts';

/** Scores of the items at `indices` `[tokens]` or `[tokens, count]`, in its shape. */
export function scoresOf({ hidden, items }: EncodedBatch, indices: Tensor): Tensor {
  if (indices.rank === 1) return scoreItems(hidden, items, indices);
  const [tokens, count] = indices.shape as [number, number];
  const vectors = reshape(lookup(items, reshape(indices, [-1])), [tokens, count, -1]);
  return sum(mul(expandDims(hidden, 1), vectors), -1);
}
