import { add, div, exp, mul, neg, sigmoid, type Tensor } from '@tensorflow/tfjs-core';
import { checkBetween, checkPositive } from '../check-number.ts';
import { divergenceMargin } from './divergence.ts';
import { logistic } from './logistic.ts';
import type { BetaOption, DivergenceOption } from './pair-options.ts';
import { checkPairs, type PairScores, perPair } from './pair-scores.ts';

export interface DiscopopOptions extends BetaOption, DivergenceOption {
  /**
   * τ: how softly the logistic loss of negative margins passes into the exponential one of positive
   * margins. Above 0, at most 1: beyond, the loss grows exponentially. Default: 0.05, the paper's.
   */
  readonly discopopTau?: number;
}

/**
 * DiscoPOP (log-ratio modulated loss): `−(1 − g) log σ(x) + g e^−x` of each pair, `[n]`, with
 * `x = βΔ` and `g = σ(x / τ)`; Δ as in `sigmoidLoss`.
 *
 * The softmax normaliser cancels under 'reverse_kl'.
 *
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the four score tensors differ in shape
 * @see Lu et al., "Discovering Preference Optimization Algorithms with and for Large Language
 * Models", 2024, https://arxiv.org/abs/2406.08414, equation 5
 */
export function discopopLoss(
  policy: PairScores,
  reference: PairScores,
  { beta, divergence = 'reverse_kl', discopopTau = 0.05 }: DiscopopOptions,
): Tensor {
  checkPositive('beta', beta);
  checkPositive('discopopTau', discopopTau);
  checkBetween('discopopTau', discopopTau, [0, 1]);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const logit = mul(beta, divergenceMargin(policy, reference, divergence));
    const modulation = div(logit, discopopTau);
    const logisticPart = mul(sigmoid(neg(modulation)), logistic(logit));
    // g e^−x as one exponential, e^(log g − x): for a very negative x its factors are 0 and ∞.
    const exponentialPart = exp(neg(add(logit, logistic(modulation))));
    return add(logisticPart, exponentialPart);
  });
}
