import { mul, softplus, sub, type Tensor1D } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { select } from '../left-out.ts';
import type { BetaOption } from '../preference/pair-options.ts';
import { hasKept, type ListScores, logRatios, meanOfKept, perRow } from './list-scores.ts';

/**
 * DMPO: the chosen item against the mean of the rejected ones, `−log σ(β (a_w − mean_j a_j))` per
 * row, `[n]`; `a` is policy − reference. One rejected item makes it DPO.
 *
 * The softmax normaliser cancels, since the weights of the rejected items sum to the chosen one's:
 * unnormalised scores serve as well as log-probabilities. All rejected items get the same gradient,
 * however hard or easy they are.
 *
 * @throws {RangeError} if the shapes do not fit, or `beta` is not above 0
 * @see Bai et al., "Finetuning Large Language Model for Personalized Ranking", 2024,
 * https://arxiv.org/abs/2405.16127
 */
export function dmpoLoss(
  policy: ListScores,
  reference: ListScores,
  { beta }: BetaOption,
): Tensor1D {
  checkPositive('beta', beta);
  return perRow({ policy, reference }, (kept, ours, theirs) => {
    const { chosen, rejected } = logRatios(ours!, theirs!);
    const losses = softplus(mul(beta, sub(meanOfKept(rejected, kept), chosen)));
    return select(hasKept(kept), losses, 0);
  });
}
