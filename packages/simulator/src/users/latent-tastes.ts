import { affinities, attraction, closenessTo } from './affinity.ts';
import { decisiveness } from './pickiness.ts';
import { requireIndex, type TasteTable } from './taste-table.ts';

/** What users like, worked out when it is asked for. */
export interface LatentTastes {
  /**
   * True taste: would the user click the item with a probability of 0.5 or more,
   * if it were shown with full attention while the interest it answers to is
   * active? Passing moods and the lift of complements are left out.
   *
   * Takes two to four inner products.
   *
   * @throws {RangeError} if `user` or `item` is not an index
   */
  likes(user: number, item: number): boolean;
  /**
   * The logit of that probability for every item: shape `[itemCount]`. `likes`
   * holds where it is 0 or more. Computed anew at each call.
   *
   * @throws {RangeError} if `user` is not an index
   */
  affinity(user: number): Float32Array;
}

/** The part of a storefront that no log of clicks would hold. */
export function latentTastes(table: TasteTable): LatentTastes {
  const [userCount, itemCount] = [table.ends.length, table.appeal.length];
  return {
    likes: (user, item) => {
      requireIndex('user', user, userCount);
      requireIndex('item', item, itemCount);
      return affinityFor(table, user, item) >= table.threshold[user]!;
    },
    affinity: (user) => {
      requireIndex('user', user, userCount);
      const { dimension, ends, points } = table;
      const interests = [];
      for (let interest = ends[user - 1] ?? 0; interest < ends[user]!; interest++) {
        interests.push({
          point: points.subarray(interest * dimension, (interest + 1) * dimension),
        });
      }
      const taste = { interests, priceSensitivity: table.priceSensitivity[user]! };
      const threshold = table.threshold[user]!;
      return affinities(table, taste).map((value) => decisiveness * (value - threshold));
    },
  };
}

/** As `affinities` has it, bit for bit: in float32 after each of its two steps. */
function affinityFor(table: TasteTable, user: number, item: number): number {
  const { ends, points, dimension } = table;
  let closest = -Infinity;
  for (let interest = ends[user - 1] ?? 0; interest < ends[user]!; interest++) {
    closest = Math.max(closest, closenessTo(table, item, points, interest * dimension));
  }
  return Math.fround(Math.fround(closest) + attraction(table, table.priceSensitivity[user]!, item));
}
