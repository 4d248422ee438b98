import type { SequenceDataset } from '../dataset/sequence-dataset.ts';

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
export function wholeMask({ sequences }: SequenceDataset): InteractionMask {
  return new Uint8Array(sequences.reduce((total, { length }) => total + length, 0)).fill(1);
}

/** Interactions of each user that are still there: shape `[userCount]`. */
export function keptOfUsers({ sequences }: SequenceDataset, kept: InteractionMask): Int32Array {
  let begin = 0;
  return Int32Array.from(sequences, ({ length }) => {
    const end = begin + length;
    let count = 0;
    for (; begin < end; begin++) count += kept[begin]!;
    return count;
  });
}

/** Takes all interactions of some users out. */
export function dropUsers(
  { sequences }: SequenceDataset,
  kept: InteractionMask,
  isDropped: (user: number) => boolean,
): void {
  let begin = 0;
  for (const [user, { length }] of sequences.entries()) {
    if (isDropped(user)) kept.fill(0, begin, begin + length);
    begin += length;
  }
}

export function sizeOf(dataset: SequenceDataset, kept: InteractionMask): DatasetSize {
  const isThere = new Uint8Array(dataset.itemIds.length);
  let [users, interactions, at] = [0, 0, 0];
  for (const sequence of dataset.sequences) {
    const before = interactions;
    for (const item of sequence) {
      if (kept[at++] === 0) continue;
      isThere[item] = 1;
      interactions++;
    }
    if (interactions > before) users++;
  }
  return { users, items: isThere.reduce((sum, one) => sum + one, 0), interactions };
}
