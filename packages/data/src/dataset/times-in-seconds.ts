import type { FlatDataset } from './flat-dataset.ts';
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
  const { unit: found, divisor } = unitOf(dataset, unit);
  if (!dataset.times || divisor === 1) return { dataset, unit: found };
  const { values, starts, ends } = flatSequences(dataset.times, Float64Array);
  const seconds = new FlatSequences(
    values.map((time) => time / divisor),
    starts,
    ends,
  );
  return { dataset: { ...dataset, times: seconds }, unit: found };
}

/** The same where the times are: of data that nobody else has, since they are not copied. */
export function turnIntoSeconds(
  dataset: FlatDataset,
  unit: TimeUnit | 'auto',
): TimeUnit | undefined {
  const { unit: found, divisor } = unitOf(dataset, unit);
  if (!dataset.times || divisor === 1) return found;
  const { values } = dataset.times;
  for (let at = 0; at < values.length; at++) values[at]! /= divisor;
  return found;
}

/** Which unit the times are in, if any, and how many of it are a second. */
function unitOf(
  { times }: SequenceDataset,
  unit: TimeUnit | 'auto',
): { readonly unit: TimeUnit | undefined; readonly divisor: number } {
  if (!times && unit !== 'auto') {
    throw new TimesMissingError(
      `The data must have times to be in ${unit}, got none. Bring a time for each interaction, or ` +
        "leave the unit out, which is as 'auto'.",
    );
  }
  const found = unit === 'auto' ? times && timeUnit(times) : unit;
  return { unit: found, divisor: found === undefined ? 1 : perSecond(found) };
}
