import { actionable, requirePositiveInteger } from '@rodpo/errors';
import { flatDataset } from '../dataset/flat-dataset.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { datasetAlone } from './apply-steps.ts';
import { wholeMask } from './interaction-mask.ts';
import { keepCore } from './keep-core.ts';
import { keepInteractions } from './keep-interactions.ts';

export interface KCoreOptions {
  /** Fewest interactions a user may keep: a positive integer, default 5. */
  readonly minUserInteractions?: number;
  /** Fewest interactions an item may keep: a positive integer, default 5. */
  readonly minItemInteractions?: number;
}

/**
 * The largest part of the data in which every user and every item has enough
 * interactions. Removing an item shortens its users and the other way round, so
 * this goes on until nothing changes; the time it takes is linear in the number
 * of interactions. A repeated interaction counts each time.
 *
 * Users, items and each user's interactions keep their order, and interactions
 * their times; users and items are numbered anew. Sequences and times lie in one
 * array each; where everything stays they are those that came.
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
  const flat = flatDataset(dataset);
  const kept = wholeMask(flat);
  keepCore(flat, kept, { users: minUserInteractions, items: minItemInteractions });
  if (!kept.includes(1)) {
    throw actionable(
      new RangeError(
        `expected some interactions to remain, got none with minUserInteractions ` +
          `${minUserInteractions} and minItemInteractions ${minItemInteractions}. Lower a threshold.`,
      ),
    );
  }
  return keepInteractions(flat, kept) ?? datasetAlone(dataset);
}
