import { FlatSequences, flatSequences } from './flat-sequences.ts';
import type { SequenceDataset } from './sequence-dataset.ts';
import { perSecond, type TimeUnit, timeUnit } from './time-unit.ts';
import { TimesMissingError } from './times-missing-error.ts';

/**
 * A dataset with its times in seconds, and the unit that they were in.
 *
 * With 'auto' the unit is the one in which the times say a plausible date (`timeUnit`). Where none does,
 * or there are no times, the dataset is the one that came and the unit is undefined; where they are in
 * seconds already, it is the one that came too.
 *
 * @throws {TimesMissingError} if a unit is named and there are no times
 * @throws {RangeError} (marked as actionable) if there is no such unit
 */
export function timesInSeconds<Dataset extends SequenceDataset>(
  dataset: Dataset,
  unit: TimeUnit | 'auto',
): {
  readonly dataset: Omit<Dataset, 'times'> & Pick<SequenceDataset, 'times'>;
  readonly unit: TimeUnit | undefined;
} {
  const { times } = dataset;
  if (!times) {
    if (unit === 'auto') return { dataset, unit: undefined };
    throw new TimesMissingError(
      `The data must have times to be in ${unit}, got none. Bring a time for each interaction, or ` +
        "leave the unit out, which is as 'auto'.",
    );
  }
  const found = unit === 'auto' ? timeUnit(times) : unit;
  const divisor = found === undefined ? 1 : perSecond(found);
  if (divisor === 1) return { dataset, unit: found };
  const { values, starts, ends } = flatSequences(times, Float64Array);
  const seconds = new FlatSequences(
    values.map((time) => time / divisor),
    starts,
    ends,
  );
  return { dataset: { ...dataset, times: seconds }, unit: found };
}
