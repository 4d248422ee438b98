import { stopGradient } from '@rodpo/ops';
import { gather, neg, type Tensor, type Tensor1D, topk } from '@tensorflow/tfjs-core';

/**
 * `values` `[n]` from the least to the greatest. Gradients go back to where each value stood.
 *
 * @throws {RangeError} if `values` is not of rank 1
 */
export function ascending(values: Tensor): Tensor {
  if (values.rank !== 1) {
    throw new RangeError(`Scores to be sorted must have shape [n], got [${values.shape}]`);
  }
  // topk has no gradient, and its order is a constant almost everywhere.
  const order = stopGradient(() => topk(neg(values), values.size).indices);
  return gather(values, order as Tensor1D);
}
