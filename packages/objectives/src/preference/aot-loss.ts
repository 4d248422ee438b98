import { mul, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { ascending } from './ascending.ts';
import { smoothedLogistic } from './logistic.ts';
import { type BetaOption, checkLabelSmoothing, type LabelSmoothingOption } from './pair-options.ts';
import { checkPairs, logRatios, type PairScores } from './pair-scores.ts';

/**
 * AOT for pairs: the margins `chosen − rejected` of the policy, sorted over the batch, are to exceed
 * those of the reference, sorted likewise: `−(1 − ε) log σ(βd) − ε log σ(−βd)`, `[n]`, d being the
 * difference of the two at one rank and ε `labelSmoothing`. Aligns the distribution of margins, so
 * element i belongs to rank i and to no pair.
 *
 * The softmax normaliser cancels. Loss and gradient depend on which pairs share a batch.
 *
 * @throws {RangeError} if an option is out of its range, or the scores are not of shape `[n]`
 * @throws {Error} if the four score tensors differ in shape
 * @see Melnyk et al., "Distributional Preference Alignment of LLMs via Optimal Transport", 2024,
 * https://arxiv.org/abs/2406.05882
 */
export function aotLoss(
  policy: PairScores,
  reference: PairScores,
  { beta, labelSmoothing = 0 }: BetaOption & LabelSmoothingOption,
): Tensor {
  checkPositive('beta', beta);
  checkLabelSmoothing(labelSmoothing);
  checkPairs(policy, reference);
  return tidy(() => {
    const ours = ascending(sub(policy.chosen, policy.rejected));
    const theirs = ascending(sub(reference.chosen, reference.rejected));
    return smoothedLogistic(mul(beta, sub(ours, theirs)), labelSmoothing);
  });
}

/**
 * AOT without pairs: as `aotLoss`, but d is the difference of the log-ratios `policy − reference`
 * of the chosen items, sorted over the batch, and of those of the rejected items: `[n]`.
 *
 * Needs log-probabilities: sorting parts a chosen item from the rejected one of its context.
 *
 * @throws {RangeError} if an option is out of its range, or the scores are not of shape `[n]`
 * @throws {Error} if the four score tensors differ in shape
 * @see Melnyk et al., https://arxiv.org/abs/2406.05882
 */
export function aotUnpairedLoss(
  policy: PairScores,
  reference: PairScores,
  { beta, labelSmoothing = 0 }: BetaOption & LabelSmoothingOption,
): Tensor {
  checkPositive('beta', beta);
  checkLabelSmoothing(labelSmoothing);
  return tidy(() => {
    const { chosen, rejected } = logRatios(policy, reference);
    const difference = sub(ascending(chosen), ascending(rejected));
    return smoothedLogistic(mul(beta, difference), labelSmoothing);
  });
}
