import { stopGradient } from '@rodpo/ops';
import {
  add,
  div,
  exp,
  expandDims,
  log,
  max,
  maximum,
  mul,
  sub,
  sum,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { checkBetween, checkPositive } from '../check-number.ts';
import { select } from '../left-out.ts';
import { type ListScores, perRow } from '../negatives/list-scores.ts';

export interface DebiasedContrastiveOptions {
  /** τ⁺, the share of sampled negatives that are positives in truth. Default: 0.1. */
  readonly positivePrior?: number;
  /** Default: 0.5. */
  readonly temperature?: number;
}

/**
 * Contrastive loss that allows for negatives which are positives in truth: `−log(e^{s_w/t} /
 * (e^{s_w/t} + G))` per row, `[n]`, with `G = max((Σ_j e^{s_j/t} − J τ⁺ e^{s_w/t}) / (1 − τ⁺),
 * J e^{−1/t})`. A `positivePrior` of 0 is the sampled softmax, but for the lower bound.
 *
 * Scores must lie in [−1, 1], as cosines do: the lower bound `e^{−1/t}` is the smallest value that
 * a negative's exponential can then have. Others give finite numbers without that meaning.
 *
 * Where the published code is told not to debias, it forgets to sum the negatives; this follows the
 * paper there too.
 *
 * @throws {RangeError} if the shapes do not fit, `temperature` is not above 0, or `positivePrior` is
 * not at least 0 and below 1
 * @see Chuang et al., "Debiased Contrastive Learning", NeurIPS 2020,
 * https://arxiv.org/abs/2007.00224, equation 8
 */
export function debiasedContrastiveLoss(
  scores: ListScores,
  { positivePrior = 0.1, temperature = 0.5 }: DebiasedContrastiveOptions = {},
): Tensor1D {
  checkPositive('temperature', temperature);
  checkBetween('positivePrior', positivePrior, [0, 1], { below: true });
  return perRow({ scores }, ({ mask, counts }, columns) => {
    const chosen = div(columns!.chosen, temperature);
    const rejected = select(mask, div(columns!.rejected, temperature), Number.NEGATIVE_INFINITY);
    const lowest = -1 / temperature;
    // All exponentials are taken relative to the largest of them, so that none overflows.
    const largest = stopGradient(() => maximum(maximum(chosen, max(rejected, 1)), lowest));

    const ofChosen = exp(sub(chosen, largest));
    const ofRejected = sum(exp(sub(rejected, expandDims(largest, 1))), 1);
    const unbiased = div(
      sub(ofRejected, mul(mul(counts, positivePrior), ofChosen)),
      1 - positivePrior,
    );
    const bounded = maximum(unbiased, mul(counts, exp(sub(lowest, largest))));
    return sub(log(add(ofChosen, bounded)), sub(chosen, largest));
  });
}
