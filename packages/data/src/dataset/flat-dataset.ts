import { type FlatSequences, flatSequences } from './flat-sequences.ts';
import { checkTimes } from './require-times.ts';
import type { SequenceDataset } from './sequence-dataset.ts';

/** A dataset whose sequences lie in one array, and its times in another, in step with them. */
export interface FlatDataset extends SequenceDataset {
  readonly sequences: FlatSequences;
  readonly times?: FlatSequences<Float64Array>;
}

/** @throws {RangeError} (marked as actionable) if there are times, and not one for each item */
export function flatDataset({ userIds, itemIds, sequences, times }: SequenceDataset): FlatDataset {
  const flat = {
    userIds,
    itemIds,
    sequences: flatSequences(sequences),
    ...(times ? { times: flatSequences(times, Float64Array) } : {}),
  };
  checkTimes(flat);
  return flat;
}
