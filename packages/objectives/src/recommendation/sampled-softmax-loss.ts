import { expandDims, sub, type Tensor, type Tensor1D, tidy, zeros } from '@tensorflow/tfjs-core';
import { select } from '../left-out.ts';
import { type ListScores, logRatios, perRow } from '../negatives/list-scores.ts';
import { softplusSum } from '../softplus-sum.ts';

/** Log-probability of each item under the distribution that the negatives were drawn from. */
export interface SamplingLogProbabilities {
  /** `[n]`. Default: the chosen item is not corrected. */
  readonly chosen?: Tensor;
  /** As the rejected scores, `[n, J]` or `[n]`. */
  readonly rejected: Tensor;
}

export interface SampledSoftmaxOptions {
  /**
   * The correction for how negatives were drawn: each score loses its log-probability. Only
   * differences in it count, so expected counts `J · Q` serve as well as probabilities `Q` where
   * both `chosen` and `rejected` are given.
   */
  readonly logQ?: SamplingLogProbabilities;
}

/**
 * Cross-entropy of the chosen item among itself and J sampled ones: `−log (e^{c_w} / (e^{c_w} +
 * Σ_j e^{c_j}))` per row, `[n]`, `c` being the scores less `logQ`.
 *
 * With all other items as negatives and no `logQ` it is the full softmax. With `logQ` of both it is
 * the sampled softmax of TensorFlow and of Yi et al., for draws that could have met the chosen item
 * too. With `logQ.rejected = log(J · Q)` alone, the sum over the negatives is an unbiased estimate
 * of the softmax's sum over the items that were drawn from (Bengio & Senécal): for negatives that
 * are never the chosen item.
 *
 * A rejected score or `logQ` of `−Infinity` leaves that negative out: for slots to fill up, or negatives
 * that happen to be the chosen item. A row without any is 0. No gradient passes `logQ` unless it is computed from weights.
 *
 * @throws {RangeError} if the shapes do not fit
 * @see Bengio & Senécal, 2008, https://doi.org/10.1109/TNN.2007.912312
 * @see Yi et al., "Sampling-Bias-Corrected Neural Modeling", RecSys 2019,
 * https://doi.org/10.1145/3298689.3346996
 */
export function sampledSoftmaxLoss(
  scores: ListScores,
  { logQ }: SampledSoftmaxOptions = {},
): Tensor1D {
  return tidy(() => {
    const correction = logQ && { chosen: zeros(scores.chosen.shape), ...logQ };
    const scorers = correction ? { scores, logQ: correction } : { scores };
    return perRow(scorers, ({ mask }, given, drawn) => {
      const { chosen, rejected } = drawn ? logRatios(given!, drawn) : given!;
      const ahead = sub(rejected, expandDims(chosen, 1));
      return softplusSum(select(mask, ahead, Number.NEGATIVE_INFINITY));
    });
  });
}
