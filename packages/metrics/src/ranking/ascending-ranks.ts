import { checkRank } from './check-rank.ts';

/**
 * The ranks in ascending order: the same object if they are so already.
 *
 * @throws {RangeError} if a rank is below 1
 */
export function ascendingRanks(ranks: ArrayLike<number>): ArrayLike<number> {
  let isAscending = true;
  for (let index = 0; index < ranks.length; index++) {
    checkRank(ranks[index]!);
    if (index > 0 && ranks[index]! < ranks[index - 1]!) isAscending = false;
  }
  return isAscending ? ranks : Float64Array.from(ranks).sort();
}
