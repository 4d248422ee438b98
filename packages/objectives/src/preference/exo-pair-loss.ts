import { add, mul, neg, sigmoid, sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { divergenceMargin } from './divergence.ts';
import { logistic } from './logistic.ts';
import { type BetaOption, checkLabelSmoothing, type DivergenceOption } from './pair-options.ts';
import { checkPairs, type PairScores, perPair } from './pair-scores.ts';

export interface ExoPairOptions extends BetaOption, DivergenceOption {
  /** Probability that chosen and rejected were mixed up, above 0 and below ½. The paper: 1e-3. */
  readonly labelSmoothing: number;
}

/**
 * EXO for pairs: the divergence KL(q ‖ p) of each pair, `[n]`, of the policy's preference
 * `q = (σ(βΔ), σ(−βΔ))` from the labels' `p = (1 − ε, ε)`; Δ as in `sigmoidLoss`. 0 where the two
 * agree, at `βΔ = log((1 − ε) / ε)`.
 *
 * The softmax normaliser cancels under 'reverse_kl'.
 *
 * @throws {RangeError} if an option is out of its range
 * @throws {Error} if the four score tensors differ in shape
 * @see Ji et al., "Towards Efficient Exact Optimization of Language Model Alignment", 2024,
 * https://arxiv.org/abs/2402.00856, equation 16
 */
export function exoPairLoss(
  policy: PairScores,
  reference: PairScores,
  { beta, divergence = 'reverse_kl', labelSmoothing }: ExoPairOptions,
): Tensor {
  checkPositive('beta', beta);
  if (labelSmoothing === 0) {
    throw new RangeError(
      'labelSmoothing must be above 0 for exo_pair, whose loss is infinite without, got 0. ' +
        'The paper recommends 1e-3',
    );
  }
  checkLabelSmoothing(labelSmoothing);
  checkPairs(policy, reference);
  return perPair([policy, reference], (policy, reference) => {
    const logit = mul(beta, divergenceMargin(policy, reference, divergence));
    const opposite = neg(logit);
    const ofChosen = add(logistic(logit), Math.log1p(-labelSmoothing));
    const ofRejected = add(logistic(opposite), Math.log(labelSmoothing));
    return sub(mul(neg(sigmoid(logit)), ofChosen), mul(sigmoid(opposite), ofRejected));
  });
}
