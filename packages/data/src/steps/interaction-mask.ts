import type { FlatDataset } from '../dataset/flat-dataset.ts';

/**
 * Which interactions of a dataset are still there: 1 or 0 for each, user after user, oldest first.
 * Steps change this byte alone, so that no step copies what is in the dataset.
 */
export type InteractionMask = Uint8Array;

/** How much of a dataset there is; users and items without an interaction do not count. */
export interface DatasetSize {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
}

/** Of all interactions. */
export function wholeMask({ sequences }: FlatDataset): InteractionMask {
  return new Uint8Array(sequences.total()).fill(1);
}

/** Interactions of each user that are still there: shape `[userCount]`. */
export function keptOfUsers({ sequences }: FlatDataset, kept: InteractionMask): Int32Array {
  const counts = sequences.lengths();
  let begin = 0;
  for (let user = 0; user < counts.length; user++) {
    const end = begin + counts[user]!;
    let count = 0;
    for (; begin < end; begin++) count += kept[begin]!;
    counts[user] = count;
  }
  return counts;
}

/** Takes all interactions of some users out. */
export function dropUsers(
  { sequences }: FlatDataset,
  kept: InteractionMask,
  isDropped: (user: number) => boolean,
): void {
  const { starts, ends } = sequences;
  let begin = 0;
  for (let user = 0; user < starts.length; user++) {
    const length = ends[user]! - starts[user]!;
    if (isDropped(user)) kept.fill(0, begin, begin + length);
    begin += length;
  }
}

export function sizeOf({ sequences, itemIds }: FlatDataset, kept: InteractionMask): DatasetSize {
  const { values, starts, ends } = sequences;
  const isThere = new Uint8Array(itemIds.length);
  let [users, interactions, next] = [0, 0, 0];
  for (let user = 0; user < starts.length; user++) {
    const before = interactions;
    for (let at = starts[user]!; at < ends[user]!; at++) {
      if (kept[next++] === 0) continue;
      isThere[values[at]!] = 1;
      interactions++;
    }
    if (interactions > before) users++;
  }
  return { users, items: isThere.reduce((sum, one) => sum + one, 0), interactions };
}
