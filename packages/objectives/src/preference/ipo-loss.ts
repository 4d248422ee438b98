import { square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { divergenceMargin } from './divergence.ts';
import type { BetaOption, DivergenceOption } from './pair-options.ts';
import { checkPairs, type PairScores, perPair } from './pair-scores.ts';

/** Half of the bound elsewhere, since this loss squares the exponentials: float32 ends at e^88. */
const largestExponent = 40;

/**
 * IPO: `(Δ − 1 / (2β))²` of each pair, `[n]`; Δ as in `sigmoidLoss`, β is the paper's τ. Margins
 * are drawn to a target instead of without end.
 *
 * The softmax normaliser cancels under 'reverse_kl'. TRL divides log-probabilities by lengths: no
 * difference for single items.
 *
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the four score tensors differ in shape
 * @see Azar et al., "A General Theoretical Paradigm to Understand Learning from Human
 * Preferences", 2023, https://arxiv.org/abs/2310.12036, equation 17
 */
export function ipoLoss(
  policy: PairScores,
  reference: PairScores,
  { beta, divergence = 'reverse_kl' }: BetaOption & DivergenceOption,
): Tensor {
  checkPositive('beta', beta);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const margin = divergenceMargin(policy, reference, divergence, largestExponent);
    return square(sub(margin, 1 / (2 * beta)));
  });
}
