import { add, mul, softplus, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { logistic } from './logistic.ts';
import type { BetaOption } from './pair-options.ts';
import { checkPairs, logRatios, type PairScores, perPair } from './pair-scores.ts';

/**
 * NCA for pairs: `−log σ(βa) − ½ log σ(−βa) − ½ log σ(−βb)` of each pair, `[n]`; a and b are the
 * log-ratios `policy − reference` of chosen and rejected. Both items are held near the reference,
 * so that a chosen item's probability does not fall together with the rejected one's.
 *
 * Needs log-probabilities.
 *
 * @throws {RangeError} if `beta` is not above 0
 * @throws {Error} if the four score tensors differ in shape
 * @see Chen et al., "Noise Contrastive Alignment of Language Models with Explicit Rewards", 2024,
 * https://arxiv.org/abs/2402.05369
 */
export function ncaPairLoss(
  policy: PairScores,
  reference: PairScores,
  { beta }: BetaOption,
): Tensor {
  checkPositive('beta', beta);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const ratios = logRatios(policy, reference);
    const [chosen, rejected] = [mul(beta, ratios.chosen), mul(beta, ratios.rejected)];
    return add(logistic(chosen), mul(0.5, add(softplus(chosen), softplus(rejected))));
  });
}
