import { add, mul, softplus, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { logistic } from './logistic.ts';
import type { BetaOption } from './pair-options.ts';
import { checkPairs, logRatios, type PairScores, perPair } from './pair-scores.ts';

/**
 * BCO for pairs: `−log σ(βa) − log σ(−βb)` of each pair, `[n]`; a and b are the log-ratios
 * `policy − reference` of chosen and rejected. A binary classifier of single items by their
 * implicit reward; as in TRL 1.10, without the running mean of rewards as its threshold.
 *
 * Needs log-probabilities.
 *
 * @throws {RangeError} if `beta` is not above 0
 * @throws {Error} if the four score tensors differ in shape
 * @see Jung et al., "Binary Classifier Optimization for Large Language Model Alignment", 2024,
 * https://arxiv.org/abs/2404.04656
 */
export function bcoPairLoss(
  policy: PairScores,
  reference: PairScores,
  { beta }: BetaOption,
): Tensor {
  checkPositive('beta', beta);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const { chosen, rejected } = logRatios(policy, reference);
    return add(logistic(mul(beta, chosen)), softplus(mul(beta, rejected)));
  });
}
