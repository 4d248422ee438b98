import {
  add,
  div,
  mean,
  mul,
  type Scalar,
  sign,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
  util,
} from '@tensorflow/tfjs-core';

/**
 * `Σ w·x / Σ w` over all elements; the plain mean without weights. 0, as is its gradient, if all weights
 * are 0: a step in which every pair is left out then trains on nothing.
 *
 * @throws {Error} if `values` and `weights` differ in shape
 */
export function weightedMean(values: Tensor, weights?: Tensor): Scalar {
  if (weights === undefined) return mean<Scalar>(values);
  util.assertShapesMatch(weights.shape, values.shape, 'weightedMean: weights:');
  return tidy(() => {
    const total = sum(weights);
    // 0 / 1 where no weight is left: 0 / 0 would be NaN, and so would every parameter after it. By signs,
    // since tfjs differentiates no comparison and weights may be differentiated too.
    const divisor = add(total, sub(1, square(sign(total))));
    return div(sum(mul(values, weights)), divisor) as Scalar;
  });
}
