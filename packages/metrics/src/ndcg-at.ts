import { checkCutoff } from './check-cutoff.ts';
import { checkRank } from './check-rank.ts';

/**
 * NDCG@cutoff of one case with one target: `1 / log2(rank + 1)` if the target
 * is among the first `cutoff` items, else 0. The ideal list has the target
 * first and a gain of `1 / log2(2) = 1`, so there is nothing to divide by.
 *
 * @see Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR
 * Techniques", ACM TOIS 2002; RecBole, `recbole/evaluator/metrics.py`, class `NDCG`
 * @throws {RangeError} if `rank` is below 1 or `cutoff` is not a positive integer
 */
export function ndcgAt(rank: number, cutoff: number): number {
  checkRank(rank);
  checkCutoff(cutoff);
  return rank <= cutoff ? 1 / Math.log2(rank + 1) : 0;
}
