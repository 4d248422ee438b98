import { div, mul, softplus, sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { divergenceMargin } from './divergence.ts';
import { logistic } from './logistic.ts';
import {
  type BetaOption,
  checkLabelSmoothing,
  type DivergenceOption,
  type LabelSmoothingOption,
} from './pair-options.ts';
import { checkPairs, type PairScores, perPair } from './pair-scores.ts';

/**
 * Robust DPO: `(−(1 − ε) log σ(βΔ) + ε log σ(−βΔ)) / (1 − 2ε)` of each pair, `[n]`; Δ as in
 * `sigmoidLoss`. Where labels are flipped with probability ε, its expectation is the loss without
 * flips. Has no lower bound for single pairs. ε = 0 is DPO.
 *
 * The softmax normaliser cancels under 'reverse_kl'.
 *
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the four score tensors differ in shape
 * @see Chowdhury et al., "Provably Robust DPO", 2024, https://arxiv.org/abs/2403.00409
 */
export function robustLoss(
  policy: PairScores,
  reference: PairScores,
  options: BetaOption & DivergenceOption & LabelSmoothingOption,
): Tensor {
  const { beta, divergence = 'reverse_kl', labelSmoothing = 0 } = options;
  checkPositive('beta', beta);
  checkLabelSmoothing(labelSmoothing);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const logit = mul(beta, divergenceMargin(policy, reference, divergence));
    const asLabelled = mul(1 - labelSmoothing, logistic(logit));
    const flipped = mul(labelSmoothing, softplus(logit));
    return div(sub(asLabelled, flipped), 1 - 2 * labelSmoothing);
  });
}
