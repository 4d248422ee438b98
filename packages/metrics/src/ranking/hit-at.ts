import { countWithin } from './count-within.ts';
import type { Ranks } from './ranks.ts';

/**
 * Hit@cutoff of one case: 1 if any relevant item is among the first `cutoff`, else 0. `NaN` for a
 * case without relevant items.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `Hit`
 * @throws {RangeError} if a rank is below 1 or `cutoff` is not a positive integer
 */
export function hitAt(ranks: Ranks, cutoff: number): number {
  return Math.min(1, countWithin(ranks, cutoff));
}
