import { lookup, stopGradient } from '@rodpo/ops';
import { neg, type Tensor, topk } from '@tensorflow/tfjs-core';
import { select } from '../left-out.ts';

/**
 * `values` `[n]` from the least to the greatest, then those that are not kept, in any order. Gradients
 * go back to where each value stood.
 *
 * @param isKept `[n]` bool
 * @throws {RangeError} if `values` is not of rank 1
 */
export function ascending(values: Tensor, isKept: Tensor): Tensor {
  if (values.rank !== 1) {
    throw new RangeError(`Scores to be sorted must have shape [n], got [${values.shape}]`);
  }
  // topk has no gradient, and its order is a constant almost everywhere.
  const order = stopGradient(() => {
    const last = Number.POSITIVE_INFINITY;
    return topk(neg(select(isKept, values, last)), values.size).indices;
  });
  return lookup(values, order);
}
