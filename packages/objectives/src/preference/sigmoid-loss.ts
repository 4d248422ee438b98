import { mul, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { divergenceMargin } from './divergence.ts';
import { smoothedLogistic } from './logistic.ts';
import {
  type BetaOption,
  checkLabelSmoothing,
  type DivergenceOption,
  type LabelSmoothingOption,
} from './pair-options.ts';
import { checkPairs, type PairScores, perPair } from './pair-scores.ts';

/**
 * DPO: `−log σ(βΔ)` of each pair, `[n]`, where Δ is `s(chosen) − s(rejected)` of the log-ratios of
 * policy and reference. With `labelSmoothing` ε it is conservative DPO,
 * `−(1 − ε) log σ(βΔ) − ε log σ(−βΔ)`; TRL 1.10 ignores ε here.
 *
 * Unnormalised scores serve as well as log-probabilities under 'reverse_kl': chosen and rejected
 * share a context, so the softmax normaliser cancels. TRL's `sigmoid_norm`, which divides by
 * lengths, is the same for single items.
 *
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the four score tensors differ in shape
 * @see Rafailov et al., 2023, https://arxiv.org/abs/2305.18290, equation 7;
 * cDPO: Mitchell, "A note on DPO with noisy preferences", 2023, https://ericmitchell.ai/cdpo.pdf
 */
export function sigmoidLoss(
  policy: PairScores,
  reference: PairScores,
  options: BetaOption & DivergenceOption & LabelSmoothingOption,
): Tensor {
  const { beta, divergence = 'reverse_kl', labelSmoothing = 0 } = options;
  checkPositive('beta', beta);
  checkLabelSmoothing(labelSmoothing);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const margin = divergenceMargin(policy, reference, divergence);
    return smoothedLogistic(mul(beta, margin), labelSmoothing);
  });
}
