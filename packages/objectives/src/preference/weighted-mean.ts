import { div, mean, mul, type Scalar, sum, type Tensor, tidy, util } from '@tensorflow/tfjs-core';

/**
 * `Σ w·x / Σ w` over all elements; the plain mean without weights. NaN if all weights are 0.
 *
 * @throws {Error} if `values` and `weights` differ in shape
 */
export function weightedMean(values: Tensor, weights?: Tensor): Scalar {
  if (weights === undefined) return mean<Scalar>(values);
  util.assertShapesMatch(weights.shape, values.shape, 'weightedMean: weights:');
  return tidy(() => div(sum(mul(values, weights)), sum(weights)) as Scalar);
}
