import { mul, sub, type Tensor1D } from '@tensorflow/tfjs-core';
import { checkBetween, checkPositive } from '../check-number.ts';
import { checkShape } from '../check-shape.ts';
import { smoothedLogistic } from '../preference/logistic.ts';
import { checkLabelSmoothing, type LabelSmoothingOption } from '../preference/pair-options.ts';
import { type PairScores, perPair } from '../preference/pair-scores.ts';

export interface SimpoOptions extends LabelSmoothingOption {
  /** Scale of the rewards. The paper uses 2 to 10 for language models. */
  readonly beta: number;
  /** Margin by which the chosen reward should be ahead, after the scaling by β. At least 0. */
  readonly gamma: number;
}

/**
 * SimPO: preference with a margin and without a reference, `−log σ(β (ℓ_w − ℓ_l) − γ)` per pair,
 * `[n]`. A recommended item is one token long, so SimPO's division by the length is no change.
 *
 * Only the difference in a pair counts, so the softmax normaliser cancels: unnormalised scores
 * serve as well as log-probabilities.
 *
 * @throws {RangeError} if the shapes are not `[n]` both, or an option is out of its range
 * @see Meng et al., 2024, https://arxiv.org/abs/2405.14734, equation 6
 * @see trl.experimental.cpo, `loss_type="simpo"` with `cpo_alpha=0`
 */
export function simpoLoss(
  { chosen, rejected }: PairScores,
  { beta, gamma, labelSmoothing = 0 }: SimpoOptions,
): Tensor1D {
  checkPositive('beta', beta);
  checkBetween('gamma', gamma, [0, Number.MAX_VALUE]);
  checkLabelSmoothing(labelSmoothing);
  checkShape('chosen', chosen, [chosen.shape[0]!]);
  checkShape('rejected', rejected, chosen.shape);
  return perPair([{ chosen, rejected }], ({ chosen, rejected }) => {
    const logits = sub(mul(beta, sub(chosen, rejected)), gamma);
    return smoothedLogistic(logits, labelSmoothing);
  }) as Tensor1D;
}
