import { checkCutoff } from './check-cutoff.ts';
import { checkRank } from './check-rank.ts';
import { type Ranks, relevantCount } from './ranks.ts';

/**
 * Reciprocal rank of one case, cut off: `1 / rank` of the best-placed relevant item if that is
 * among the first `cutoff`, else 0. Its mean over cases is MRR@cutoff. `NaN` for a case without
 * relevant items.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `MRR`
 * @throws {RangeError} if a rank is below 1 or `cutoff` is not a positive integer
 */
export function mrrAt(ranks: Ranks, cutoff: number): number {
  checkCutoff(cutoff);
  if (relevantCount(ranks) === 0) return Number.NaN;
  const best = bestRank(ranks);
  return best <= cutoff ? 1 / best : 0;
}

function bestRank(ranks: Ranks): number {
  if (typeof ranks === 'number') {
    checkRank(ranks);
    return ranks;
  }

  let best = Number.POSITIVE_INFINITY;
  for (let index = 0; index < ranks.length; index++) {
    checkRank(ranks[index]!);
    best = Math.min(best, ranks[index]!);
  }
  return best;
}
