import { mul, sub, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { checkBetween, checkPositive } from '../check-number.ts';
import { checkShape } from '../check-shape.ts';
import { smoothedLogistic } from '../preference/logistic.ts';
import { checkLabelSmoothing, type LabelSmoothingOption } from '../preference/pair-options.ts';
import { type PairScores, perPair } from '../preference/pair-scores.ts';

export interface CpoOptions extends LabelSmoothingOption {
  /** Scale of the rewards. TRL's default is 0.1. */
  readonly beta: number;
  /** Weight of the chosen item's negative log-likelihood (TRL's `cpo_alpha`). Default: 1. */
  readonly sftWeight?: number;
}

/**
 * CPO: preference without a reference, held in place by the likelihood of the chosen item:
 * `−log σ(β (ℓ_w − ℓ_l)) − sftWeight · ℓ_w` per pair, `[n]`.
 *
 * In the first term the softmax normaliser cancels. In the second it does not: unless `sftWeight`
 * is 0, `policy.chosen` must be log-probabilities (a score minus `logNormaliser`).
 *
 * @throws {RangeError} if the shapes are not `[n]` both, or an option is out of its range
 * @see Xu et al., 2024, https://arxiv.org/abs/2401.08417, equations 3 to 5
 * @see trl.experimental.cpo, `loss_type="sigmoid"`
 */
export function cpoLoss(
  { chosen, rejected }: PairScores,
  { beta, labelSmoothing = 0, sftWeight = 1 }: CpoOptions,
): Tensor1D {
  checkPositive('beta', beta);
  checkLabelSmoothing(labelSmoothing);
  checkBetween('sftWeight', sftWeight, [0, Number.MAX_VALUE]);
  checkShape('chosen', chosen, [chosen.shape[0]!]);
  checkShape('rejected', rejected, chosen.shape);
  return tidy(() => {
    const preference = perPair([{ chosen, rejected }], ({ chosen, rejected }) =>
      smoothedLogistic(mul(beta, sub(chosen, rejected)), labelSmoothing),
    );
    return sub(preference, mul(sftWeight, chosen)) as Tensor1D;
  });
}
