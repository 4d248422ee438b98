import { kCore, type SequenceDataset } from '@rodpo/data';
import type { Config } from '../config/config.ts';

export interface KeptData {
  readonly dataset: SequenceDataset;
  /** What each step kept, in words and counts. */
  readonly steps: readonly { readonly step: string; readonly counts: Counts }[];
}

export interface Counts {
  readonly users: number;
  readonly items: number;
  readonly interactions: number;
}

/** What the config's steps keep of what was read. @throws {RangeError} if that is nothing */
export function applyConfigSteps(
  read: SequenceDataset,
  { kCore: thresholds }: Pick<Config, 'data' | 'kCore'>,
): KeptData {
  const dataset = kCore(read, thresholds);
  const step = `core of ${thresholds.minUserInteractions} a user, ${thresholds.minItemInteractions} an item`;
  return { dataset, steps: [{ step, counts: countsOf(dataset) }] };
}

export function countsOf({ userIds, itemIds, sequences }: SequenceDataset): Counts {
  const interactions = sequences.reduce((total, { length }) => total + length, 0);
  return { users: userIds.length, items: itemIds.length, interactions };
}
