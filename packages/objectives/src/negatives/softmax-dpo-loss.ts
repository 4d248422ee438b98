import { expandDims, mul, sub, type Tensor1D } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { select } from '../left-out.ts';
import type { BetaOption } from '../preference/pair-options.ts';
import { softplusSum } from '../softplus-sum.ts';
import { type ListScores, logRatios, perRow } from './list-scores.ts';

/**
 * S-DPO: softmax cross-entropy of the chosen item among all J + 1 by their implicit rewards,
 * `log(1 + Σ_j exp(β (a_j − a_w)))` per row, `[n]`; `a` is policy − reference, `w` the chosen item.
 * One rejected item makes it DPO.
 *
 * Only differences inside a row count, so the softmax normaliser cancels: unnormalised scores serve
 * as well as log-probabilities. The hardest rejected item gets the largest part of the gradient.
 * A rejected score of −Infinity, of policy or reference, leaves an item out; a row without any is 0.
 *
 * @throws {RangeError} if the shapes do not fit, or `beta` is not above 0
 * @see Chen et al., "On Softmax Direct Preference Optimization for Recommendation", NeurIPS 2024,
 * https://arxiv.org/abs/2406.09215 (their `−log σ(−log Σ_j exp(β (a_j − a_w)))` is the same number)
 */
export function softmaxDpoLoss(
  policy: ListScores,
  reference: ListScores,
  { beta }: BetaOption,
): Tensor1D {
  checkPositive('beta', beta);
  return perRow({ policy, reference }, ({ mask }, ours, theirs) => {
    const { chosen, rejected } = logRatios(ours!, theirs!);
    const behind = mul(beta, sub(rejected, expandDims(chosen, 1)));
    return softplusSum(select(mask, behind, Number.NEGATIVE_INFINITY));
  });
}
