import { mul, relu, sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { divergenceMargin } from './divergence.ts';
import type { BetaOption, DivergenceOption } from './pair-options.ts';
import { checkPairs, type PairScores, perPair } from './pair-scores.ts';

/**
 * Hinge (SLiC, RSO): `max(0, 1 − βΔ)` of each pair, `[n]`; Δ as in `sigmoidLoss`. Pairs beyond a
 * margin of `1 / β` are left alone.
 *
 * The softmax normaliser cancels under 'reverse_kl'.
 *
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the four score tensors differ in shape
 * @see Liu et al., "Statistical Rejection Sampling Improves Preference Optimization", 2023,
 * https://arxiv.org/abs/2309.06657, after Zhao et al., "SLiC-HF", https://arxiv.org/abs/2305.10425
 */
export function hingeLoss(
  policy: PairScores,
  reference: PairScores,
  { beta, divergence = 'reverse_kl' }: BetaOption & DivergenceOption,
): Tensor {
  checkPositive('beta', beta);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) =>
    relu(sub(1, mul(beta, divergenceMargin(policy, reference, divergence)))),
  );
}
