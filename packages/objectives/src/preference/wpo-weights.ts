import { stopGradient } from '@rodpo/ops';
import { add, exp, sub, type Tensor, tidy, util } from '@tensorflow/tfjs-core';
import type { PairScores } from './pair-scores.ts';

/** Log-normalisers of the policy's scores z over all items, one per pair's context: `[n]` each. */
export interface WpoNormalisers {
  /** `log Σ exp(z)` */
  readonly logSumExp: Tensor;
  /** `log Σ exp(2z)`: the same of twice the scores, hence of twice the hidden states. */
  readonly logSumExpOfDouble: Tensor;
}

/**
 * Weights of weighted preference optimisation, `[n]`: how likely the policy itself would be to offer
 * both items of a pair, `W(chosen) · W(rejected)`. `W(y) = p(y) / Σ p²` is an item's probability
 * over its mean under the policy. They make pairs from elsewhere resemble the policy's own.
 *
 * Constants: no gradient passes through them. For the option `importance` of `dpoLoss`.
 *
 * @param policy scores, or log-probabilities; the normalisers must be of the same
 * @throws {Error} if the four tensors differ in shape
 * @see Zhou et al., "WPO: Enhancing RLHF with Weighted Preference Optimization", 2024,
 * https://arxiv.org/abs/2406.11827, equation 2 and its alignment of weights by sampling
 */
export function wpoWeights(
  policy: PairScores,
  { logSumExp, logSumExpOfDouble }: WpoNormalisers,
): Tensor {
  for (const values of [policy.rejected, logSumExp, logSumExpOfDouble]) {
    util.assertShapesMatch(policy.chosen.shape, values.shape, 'wpoWeights:');
  }
  return stopGradient(() =>
    tidy(() => {
      // log p − log Σ p² = z − lse(z) − (lse(2z) − 2 lse(z)), for both items at once.
      const shift = sub(logSumExp, logSumExpOfDouble);
      return exp(add(add(policy.chosen, shift), add(policy.rejected, shift)));
    }),
  );
}
