import { sortByTime } from './sort-by-time.ts';

/** Interactions that come in any order, put where they stay: each is written once. */
export interface UserPlacement {
  /**
   * Puts the next interaction behind the user's earlier ones; `time` is ignored where the data has no
   * times. The caller counted right: there is no check for more than `countsByUser` says.
   */
  place(user: number, item: number, time: number): void;
  /** Sequences oldest first, ties in the order of placing; views of two arrays in all. Once only. */
  finish(): { readonly sequences: Int32Array[]; readonly times?: Float64Array[] };
}

/**
 * A counting sort by user: with the number of interactions of each user known, every one has its place,
 * and nothing is kept beside the result: 4 bytes for an interaction without times, 12 with them.
 *
 * @param countsByUser interactions of each user: shape `[userCount]`
 */
export function placeByUser(countsByUser: Int32Array, hasTimes: boolean): UserPlacement {
  const starts = new Float64Array(countsByUser.length); // a sum may exceed 2³¹
  let total = 0;
  for (const [user, count] of countsByUser.entries()) {
    starts[user] = total;
    total += count;
  }
  const items = new Int32Array(total);
  const times = new Float64Array(hasTimes ? total : 0);
  const next = starts.slice();
  const viewsOf = <Values extends Int32Array | Float64Array>(values: Values) =>
    Array.from(countsByUser, (count, user) =>
      values.subarray(starts[user]!, starts[user]! + count),
    ) as Values[];

  return {
    place(user, item, time) {
      const place = next[user]!++;
      items[place] = item;
      if (hasTimes) times[place] = time;
    },
    finish() {
      const sequences = viewsOf(items);
      if (!hasTimes) return { sequences };
      const own = viewsOf(times);
      for (const [user, sequence] of sequences.entries()) sortByTime(sequence, own[user]!);
      return { sequences, times: own };
    },
  };
}
