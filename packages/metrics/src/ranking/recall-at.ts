import { countWithin } from './count-within.ts';
import { type Ranks, relevantCount } from './ranks.ts';

/**
 * Recall@cutoff of one case: the share of its relevant items that are among the first `cutoff`.
 * With more relevant items than places it cannot reach 1. `NaN` for a case without relevant items.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `Recall`
 * @throws {RangeError} if a rank is below 1 or `cutoff` is not a positive integer
 */
export function recallAt(ranks: Ranks, cutoff: number): number {
  return countWithin(ranks, cutoff) / relevantCount(ranks);
}
