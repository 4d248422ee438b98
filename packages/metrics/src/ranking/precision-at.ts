import { countWithin } from './count-within.ts';
import type { Ranks } from './ranks.ts';

/**
 * Precision@cutoff of one case: the share of the first `cutoff` places that relevant items hold. A
 * list shorter than `cutoff` is judged as if irrelevant items filled it up. `NaN` for a case
 * without relevant items.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `Precision`
 * @throws {RangeError} if a rank is below 1 or `cutoff` is not a positive integer
 */
export function precisionAt(ranks: Ranks, cutoff: number): number {
  return countWithin(ranks, cutoff) / cutoff;
}
