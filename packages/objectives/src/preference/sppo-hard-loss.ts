import { add, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import type { BetaOption } from './pair-options.ts';
import { checkPairs, logRatios, type PairScores, perPair } from './pair-scores.ts';

/**
 * SPPO with hard labels: `(a − 1 / (2β))² + (b + 1 / (2β))²` of each pair, `[n]`; a and b are the
 * log-ratios `policy − reference` of chosen and rejected.
 *
 * Needs log-probabilities.
 *
 * @throws {RangeError} if `beta` is not above 0
 * @throws {Error} if the four score tensors differ in shape
 * @see Wu et al., "Self-Play Preference Optimization for Language Model Alignment", 2024,
 * https://arxiv.org/abs/2405.00675, equation 4.7 with P of 1 and 0
 */
export function sppoHardLoss(
  policy: PairScores,
  reference: PairScores,
  { beta }: BetaOption,
): Tensor {
  checkPositive('beta', beta);
  const target = 1 / (2 * beta);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const { chosen, rejected } = logRatios(policy, reference);
    return add(square(sub(chosen, target)), square(add(rejected, target)));
  });
}
