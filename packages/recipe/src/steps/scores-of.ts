import { scoreItems } from '@rodpo/encoder';
import { lookup } from '@rodpo/ops';
import { expandDims, mul, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { EncodedBatch } from './encoded-batch.ts';

/** Scores of the items at `indices` `[tokens]` or `[tokens, count]`, in its shape. */
export function scoresOf({ hidden, items }: EncodedBatch, indices: Tensor): Tensor {
  if (indices.rank === 1) return scoreItems(hidden, items, indices);
  return sum(mul(expandDims(hidden, 1), lookup(items, indices)), -1);
}
