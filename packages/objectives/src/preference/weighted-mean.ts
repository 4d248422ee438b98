import { stopGradient } from '@rodpo/ops';
import {
  div,
  mean,
  notEqual,
  type Scalar,
  sum,
  type Tensor,
  tidy,
  util,
} from '@tensorflow/tfjs-core';
import { select, timesWeights } from '../left-out.ts';

/**
 * `Σ w·x / Σ w` over all elements; the plain mean without weights. An element of weight 0 is left out,
 * whatever it is: it may be infinite or not a number, and gets no gradient. 0, as is its gradient, if all
 * weights are 0: a step in which every pair is left out then trains on nothing.
 *
 * @throws {Error} if `values` and `weights` differ in shape
 */
export function weightedMean(values: Tensor, weights?: Tensor): Scalar {
  if (weights === undefined) return mean<Scalar>(values);
  util.assertShapesMatch(weights.shape, values.shape, 'weightedMean: weights:');
  return tidy(() => {
    const total = sum(weights);
    // 0 / 1 where no weight is left: 0 / 0 would be NaN, and so would every parameter after it.
    const divisor = select(
      stopGradient(() => notEqual(total, 0)),
      total,
      1,
    );
    return div(sum(timesWeights(values, weights)), divisor) as Scalar;
  });
}
