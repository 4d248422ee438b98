import { checkCutoff } from './check-cutoff.ts';
import { checkRank } from './check-rank.ts';

/**
 * Hit@cutoff of one case with one target: 1 if the target is among the first
 * `cutoff` items, else 0. With a single target this is Recall@cutoff too.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `Hit`
 * @throws {RangeError} if `rank` is below 1 or `cutoff` is not a positive integer
 */
export function hitAt(rank: number, cutoff: number): number {
  checkRank(rank);
  checkCutoff(cutoff);
  return rank <= cutoff ? 1 : 0;
}
