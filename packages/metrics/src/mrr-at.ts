import { checkCutoff } from './check-cutoff.ts';
import { checkRank } from './check-rank.ts';

/**
 * Reciprocal rank of one case, cut off: `1 / rank` if the target is among the
 * first `cutoff` items, else 0. Its mean over cases is MRR@cutoff.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `MRR`
 * @throws {RangeError} if `rank` is below 1 or `cutoff` is not a positive integer
 */
export function mrrAt(rank: number, cutoff: number): number {
  checkRank(rank);
  checkCutoff(cutoff);
  return rank <= cutoff ? 1 / rank : 0;
}
