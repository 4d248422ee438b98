import { ascendingRanks } from './ascending-ranks.ts';
import { checkCutoff } from './check-cutoff.ts';
import { mrrAt } from './mrr-at.ts';
import type { Ranks } from './ranks.ts';

/**
 * Average precision of one case, cut off: the precision at the place of each relevant item among
 * the first `cutoff`, summed and divided by `min(relevant items, cutoff)`, so that the ideal list
 * gets 1 at any cutoff. Its mean over cases is MAP@cutoff. `NaN` for a case without relevant items.
 *
 * Libraries differ in the divisor. RecBole, Spark and Kaggle's `apk` divide as here; trec_eval
 * divides by all relevant items, so that a short list cannot reach 1; scikit-learn's
 * `average_precision_score` has no cutoff, which is this with a cutoff of the whole list.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `MAP`
 * @throws {RangeError} if a rank is below 1 or `cutoff` is not a positive integer
 */
export function averagePrecisionAt(ranks: Ranks, cutoff: number): number {
  if (typeof ranks === 'number') return mrrAt(ranks, cutoff);
  checkCutoff(cutoff);

  const placed = ascendingRanks(ranks);
  const reachable = Math.min(placed.length, cutoff);
  let sum = 0;
  for (let index = 0; index < reachable && placed[index]! <= cutoff; index++) {
    sum += (index + 1) / placed[index]!;
  }
  return sum / reachable; // 0 / 0 is NaN
}
