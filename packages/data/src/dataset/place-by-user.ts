import { FlatSequences } from './flat-sequences.ts';
import { createStableSort } from './stable-sort.ts';

/** Interactions that come in any order, put where they stay: each is written once. */
export interface UserPlacement {
  /**
   * Puts the next interaction behind the user's earlier ones; `time` is ignored where the data has no
   * times. The caller counted right: there is no check for more than `countsByUser` says.
   */
  place(user: number, item: number, time: number): void;
  /** Sequences oldest first, ties in the order of placing. Once only. */
  finish(): { readonly sequences: FlatSequences; readonly times?: FlatSequences<Float64Array> };
}

/**
 * A counting sort by user: with the number of interactions of each user known, every one has its place.
 * Takes 4 bytes for an interaction without times and 12 with them.
 *
 * @param countsByUser interactions of each user: shape `[userCount]`
 */
export function placeByUser(countsByUser: Int32Array, hasTimes: boolean): UserPlacement {
  let total = 0;
  let longest = 0;
  for (const count of countsByUser) {
    total += count;
    longest = Math.max(longest, count);
  }
  const sequences = FlatSequences.ofLengths(new Int32Array(total), countsByUser);
  const { values: items, starts, ends } = sequences;
  const times = hasTimes ? new Float64Array(total) : undefined;
  const next = starts.slice();

  return {
    place(user, item, time) {
      const place = next[user]!++;
      items[place] = item;
      if (times) times[place] = time;
    },
    finish() {
      if (!times) return { sequences };
      const sort = createStableSort(longest);
      for (let user = 0; user < starts.length; user++) {
        sort(times, items, starts[user]!, ends[user]!);
      }
      return { sequences, times: new FlatSequences(times, starts, ends) };
    },
  };
}
