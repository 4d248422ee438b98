import { countTies } from '../dataset/count-ties.ts';
import type { FlatDataset } from '../dataset/flat-dataset.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import type { TimeUnit } from '../dataset/time-unit.ts';
import { turnIntoSeconds } from '../dataset/times-in-seconds.ts';

/** What came, and what became of it. */
export interface InteractionsReport {
  readonly rows: number;
  /** Of them, those with a rating high enough: the interactions of the dataset. */
  readonly kept: number;
  readonly users: number;
  readonly items: number;
  /**
   * Of the interactions, those at the time of another one of the same user, from 0 to 1: their order is
   * that of the rows alone. Absent where there are no times.
   */
  readonly tiedShare?: number;
  /** Of the times that came; absent if there are none, or they are no dates. */
  readonly timeUnit?: TimeUnit;
}

/**
 * Turns times into seconds, where they are, and says what came: the end of every way in.
 *
 * @param timeUnit of the times as they are in `dataset`, as in `timesInSeconds`
 */
export function taken(
  dataset: FlatDataset,
  { rows, kept, timeUnit }: { rows: number; kept: number; timeUnit: TimeUnit | 'auto' },
): { dataset: SequenceDataset; report: InteractionsReport } {
  const unit = turnIntoSeconds(dataset, rows === 0 ? 'auto' : timeUnit);
  const { userIds, itemIds, times } = dataset;
  const report = {
    rows,
    kept,
    users: userIds.length,
    items: itemIds.length,
    ...(times ? { tiedShare: kept === 0 ? 0 : countTies(times) / kept } : {}),
    ...(unit === undefined ? {} : { timeUnit: unit }),
  };
  return { dataset, report };
}
