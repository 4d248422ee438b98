import { add, mul, neg, sigmoid, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import type { BetaOption } from './pair-options.ts';
import { checkPairs, logRatios, type PairScores, perPair } from './pair-scores.ts';
import { marginOf } from './preference-margin.ts';

/**
 * APO-zero: `1 − σ(βa) + σ(βb)` of each pair, `[n]`; a and b are the log-ratios
 * `policy − reference` of chosen and rejected. Raises the chosen items and lowers the rejected
 * ones: for chosen items that are better than what the policy would pick.
 *
 * Needs log-probabilities.
 *
 * @throws {RangeError} if `beta` is not above 0
 * @throws {Error} if the four score tensors differ in shape
 * @see D'Oosterlinck et al., "Anchored Preference Optimization and Contrastive Revisions", 2024,
 * https://arxiv.org/abs/2408.06266, equation 7
 */
export function apoZeroLoss(
  policy: PairScores,
  reference: PairScores,
  { beta }: BetaOption,
): Tensor {
  checkPositive('beta', beta);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const { chosen, rejected } = logRatios(policy, reference);
    // 1 − σ(x) = σ(−x), without losing digits where σ(x) is near 1.
    return add(sigmoid(neg(mul(beta, chosen))), sigmoid(mul(beta, rejected)));
  });
}

/**
 * APO-down: `σ(βa) + 1 − σ(β(a − b))` of each pair, `[n]`; a and b as in `apoZeroLoss`. Lowers the
 * chosen items and the rejected ones more: for chosen items that are worse than what the policy
 * would pick.
 *
 * Needs log-probabilities.
 *
 * @throws {RangeError} if `beta` is not above 0
 * @throws {Error} if the four score tensors differ in shape
 * @see D'Oosterlinck et al., https://arxiv.org/abs/2408.06266, equation 8
 */
export function apoDownLoss(
  policy: PairScores,
  reference: PairScores,
  { beta }: BetaOption,
): Tensor {
  checkPositive('beta', beta);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const { chosen } = logRatios(policy, reference);
    const margin = marginOf(policy, reference);
    return add(sigmoid(mul(beta, chosen)), sigmoid(neg(mul(beta, margin))));
  });
}
