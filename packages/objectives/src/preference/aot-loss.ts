import { stopGradient } from '@rodpo/ops';
import {
  all,
  cast,
  less,
  logicalAnd,
  mul,
  onesLike,
  range,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { select } from '../left-out.ts';
import { ascending } from './ascending.ts';
import { smoothedLogistic } from './logistic.ts';
import { type BetaOption, checkLabelSmoothing, type LabelSmoothingOption } from './pair-options.ts';
import { checkPairs, finitePairs, logRatios, type PairScores } from './pair-scores.ts';

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
  return perRank(policy, reference, (ours, theirs, sorted) => {
    const margins = sub(ours.chosen, ours.rejected);
    const difference = sub(sorted(margins), sorted(sub(theirs.chosen, theirs.rejected)));
    return smoothedLogistic(mul(beta, difference), labelSmoothing);
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
  return perRank(policy, reference, (ours, theirs, sorted) => {
    const { chosen, rejected } = logRatios(ours, theirs);
    const difference = sub(sorted(chosen), sorted(rejected));
    return smoothedLogistic(mul(beta, difference), labelSmoothing);
  });
}

/**
 * Losses by rank, `[n]`: first those of the pairs that are not left out, then as many zeros as are. Not
 * a number if any score is not finite that does not leave its pair out: sorting mixes all.
 */
function perRank(
  policy: PairScores,
  reference: PairScores,
  losses: (policy: PairScores, reference: PairScores, sorted: (values: Tensor) => Tensor) => Tensor,
): Tensor {
  checkPairs(policy, reference);
  return tidy(() => {
    const { scores, isKept, isSound } = finitePairs([policy, reference] as const);
    const byRank = losses(...scores, (values) => ascending(values, isKept));
    const isRank = stopGradient(() =>
      less(range(0, isKept.size, 1, 'int32'), sum(cast(isKept, 'int32'))),
    );
    const isOfSound = stopGradient(() => logicalAnd(all(isSound), onesLike(isRank)));
    return select(isOfSound, select(isRank, byRank, 0), Number.NaN);
  });
}
