import { actionable, requirePositiveInteger } from '@rodpo/errors';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';

export interface KCoreOptions {
  /** Fewest interactions a user may keep: a positive integer, default 5. */
  readonly minUserInteractions?: number;
  /** Fewest interactions an item may keep: a positive integer, default 5. */
  readonly minItemInteractions?: number;
}

/**
 * The largest part of the data in which every user and every item has enough
 * interactions. Removing an item shortens its users and the other way round, so
 * this repeats until nothing changes. A repeated interaction counts each time.
 *
 * Users, items and each user's interactions keep their order, and interactions
 * their times; users and items are numbered anew.
 *
 * @throws {RangeError} if a threshold is not a positive integer, there is not one
 * time for each item, or nothing is left
 */
export function kCore(
  dataset: SequenceDataset,
  { minUserInteractions = 5, minItemInteractions = 5 }: KCoreOptions = {},
): SequenceDataset {
  requirePositiveInteger('minUserInteractions', minUserInteractions, 'Use 1 to keep all.');
  requirePositiveInteger('minItemInteractions', minItemInteractions, 'Use 1 to keep all.');
  checkTimes(dataset);

  let sequences = dataset.sequences;
  let removed = true;
  while (removed) {
    const counts = countItems(sequences, dataset.itemIds.length);
    const kept = sequences
      .map((sequence) => sequence.filter((item) => counts[item]! >= minItemInteractions))
      .map((sequence) => (sequence.length >= minUserInteractions ? sequence : new Int32Array(0)));
    removed = kept.some((sequence, user) => sequence.length < sequences[user]!.length);
    sequences = kept;
  }

  if (sequences.every((sequence) => sequence.length === 0)) {
    throw actionable(
      new RangeError(
        `expected some interactions to remain, got none with minUserInteractions ` +
          `${minUserInteractions} and minItemInteractions ${minItemInteractions}. Lower a threshold.`,
      ),
    );
  }
  return renumber(dataset, sequences);
}

function checkTimes({ sequences, times }: SequenceDataset): void {
  if (!times) return;
  for (let user = 0; user < Math.max(sequences.length, times.length); user++) {
    const [items, got] = [sequences[user]?.length, times[user]?.length];
    if (items === got) continue;
    throw actionable(
      new RangeError(
        `times must have one entry for each of the ${items ?? 0} items of user ${user}, got ` +
          `${got ?? 'none'}. Correct them, or leave times out.`,
      ),
    );
  }
}

function countItems(sequences: readonly Int32Array[], itemCount: number): Int32Array {
  const counts = new Int32Array(itemCount);
  for (const sequence of sequences) for (const item of sequence) counts[item]!++;
  return counts;
}

/** Drops users without items and items without users, and closes the gaps in the numbering. */
function renumber(dataset: SequenceDataset, sequences: readonly Int32Array[]): SequenceDataset {
  const counts = countItems(sequences, dataset.itemIds.length);
  const newIndex = new Int32Array(counts.length);
  let next = 0;
  for (const [item, count] of counts.entries()) if (count > 0) newIndex[item] = next++;

  const isKept = (_: unknown, user: number) => sequences[user]!.length > 0;
  // A user who stays loses only the items that all lose.
  const times = dataset.times?.map((own, user) =>
    own.filter((_, place) => counts[dataset.sequences[user]![place]!]! > 0),
  );
  return {
    userIds: dataset.userIds.filter(isKept),
    itemIds: dataset.itemIds.filter((_, item) => counts[item]! > 0),
    sequences: sequences.filter(isKept).map((sequence) => sequence.map((item) => newIndex[item]!)),
    ...(times ? { times: times.filter(isKept) } : {}),
  };
}
