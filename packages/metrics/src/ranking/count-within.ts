import { checkCutoff } from './check-cutoff.ts';
import { checkRank } from './check-rank.ts';
import type { Ranks } from './ranks.ts';

/**
 * How many relevant items the first `cutoff` places hold: `NaN` for a case without relevant items.
 *
 * Never more than `cutoff`: averaged ties can put three items at rank 2, and a list of two cannot
 * show three.
 *
 * @throws {RangeError} if a rank is below 1 or `cutoff` is not a positive integer
 */
export function countWithin(ranks: Ranks, cutoff: number): number {
  checkCutoff(cutoff);
  if (typeof ranks === 'number') {
    checkRank(ranks);
    return ranks <= cutoff ? 1 : 0;
  }

  let count = 0;
  for (let index = 0; index < ranks.length; index++) {
    checkRank(ranks[index]!);
    if (ranks[index]! <= cutoff) count++;
  }
  return ranks.length === 0 ? Number.NaN : Math.min(count, cutoff);
}
