import {
  leaveNOut,
  leaveOneOut,
  type SequenceDataset,
  type SequenceSplit,
  splitByRatio,
  splitByTime,
  splitByUsers,
} from '@rodpo/data';
import type { SplitSettings } from '../config/split-settings.ts';

/**
 * The split that the config asks for; times are in seconds by now.
 *
 * @throws {TimesMissingError} of `@rodpo/data` if it is by time and the data has none
 * @throws {RangeError} (marked as actionable) if it leaves nothing to learn from
 */
export function splitOf(dataset: SequenceDataset, split: SplitSettings): SequenceSplit {
  const { sequences } = dataset;
  switch (split.kind) {
    case 'leave-one-out':
      return leaveOneOut(sequences);
    case 'leave-n-out':
      return leaveNOut(sequences, split.count);
    case 'ratio':
      return splitByRatio(sequences, split);
    case 'time':
      return splitByTime(dataset, {
        validationFrom: secondsOf(split.validationFrom),
        testFrom: secondsOf(split.testFrom),
      });
    case 'users':
      return splitByUsers(sequences, split);
  }
}

/** A date without a time of day is its midnight in UTC. */
function secondsOf(moment: number | string): number {
  return typeof moment === 'number' ? moment : Date.parse(moment) / 1000;
}
