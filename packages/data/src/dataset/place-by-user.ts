import { createStableOrder } from './stable-order.ts';

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
 * A counting sort by user: with the number of interactions of each user known, every one has its place.
 * Takes 4 bytes for an interaction without times and 12 with them.
 *
 * @param countsByUser interactions of each user: shape `[userCount]`
 */
export function placeByUser(countsByUser: Int32Array, hasTimes: boolean): UserPlacement {
  const starts = new Float64Array(countsByUser.length); // a sum may exceed 2³¹
  let total = 0;
  let longest = 0;
  for (const [user, count] of countsByUser.entries()) {
    starts[user] = total;
    total += count;
    longest = Math.max(longest, count);
  }
  const items = new Int32Array(total);
  const times = hasTimes ? new Float64Array(total) : undefined;
  const next = starts.slice();

  return {
    place(user, item, time) {
      const place = next[user]!++;
      items[place] = item;
      if (times) times[place] = time;
    },
    finish() {
      const orderOf = createStableOrder(longest);
      const permute = createPermute(longest);
      const sequences: Int32Array[] = [];
      const timesOf: Float64Array[] = [];
      for (const [user, count] of countsByUser.entries()) {
        const [start, end] = [starts[user]!, starts[user]! + count];
        const sequence = items.subarray(start, end);
        const own = times?.subarray(start, end);
        if (own) permute(orderOf(own), sequence, own);
        sequences.push(sequence);
        if (own) timesOf.push(own);
      }
      return times ? { sequences, times: timesOf } : { sequences };
    },
  };
}

type Permute = (order: Int32Array | undefined, items: Int32Array, times: Float64Array) => void;

function createPermute(maxLength: number): Permute {
  const spareItems = new Int32Array(maxLength);
  const spareTimes = new Float64Array(maxLength);
  return (order, items, times) => {
    if (!order) return;
    spareItems.set(items);
    spareTimes.set(times);
    for (let place = 0; place < order.length; place++) {
      items[place] = spareItems[order[place]!]!;
      times[place] = spareTimes[order[place]!]!;
    }
  };
}
