import type { CaseLists } from './case-lists.ts';
import { meanOfItems } from './mean-of-items.ts';

export interface NoveltyOptions {
  /**
   * Users added to both sides, those who interacted and those who did not:
   * `p = (n + smoothing) / (userCount + 2 · smoothing)`. 1 is Laplace's rule, 0.5 Jeffreys'.
   * Default 0, the published formula: an item that nobody has touched is then infinitely novel,
   * and so is every list with it. Smooth as soon as the catalogue has cold items.
   */
  readonly smoothing?: number;
}

/**
 * How surprising each list is, in bits: the mean of `−log2 p(item)`, where `p` is the share of
 * users who interacted with the item. Shape `[caseCount]`, `NaN` for an empty list.
 *
 * @param userCounts how many different users interacted with each item, `[itemCount]`; repeated
 * interactions of one user count once
 * @param userCount how many users there are
 * @see Zhou et al., "Solving the apparent diversity-accuracy dilemma of recommender systems",
 * PNAS 2010, arXiv 0808.2670; Castells, Hurley and Vargas, "Novelty and Diversity in Recommender
 * Systems", Recommender Systems Handbook, 2015
 * @throws {RangeError} if an item is not an index into `userCounts`, a count is not from 0 to
 * `userCount`, or `smoothing` is negative
 */
export function novelty(
  lists: CaseLists,
  userCounts: ArrayLike<number>,
  userCount: number,
  { smoothing = 0 }: NoveltyOptions = {},
): Float64Array {
  if (!(smoothing >= 0 && smoothing < Infinity)) {
    throw new RangeError(`smoothing must be at least 0, got ${smoothing}. Pass 0.5 or 1, say.`);
  }
  const surprise = Float64Array.from(userCounts, (count, item) => {
    if (!(count >= 0 && count <= userCount)) {
      throw new RangeError(
        `expected from 0 to ${userCount} users for item ${item}, got ${count}. ` +
          'Count each user once per item.',
      );
    }
    return -Math.log2((count + smoothing) / (userCount + 2 * smoothing));
  });
  return meanOfItems(lists, surprise);
}
