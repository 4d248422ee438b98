import { actionable } from '@rodpo/errors';
import type { FlatDataset } from './flat-dataset.ts';
import { type FlatSequences, flatSequences } from './flat-sequences.ts';
import type { SequenceDataset } from './sequence-dataset.ts';
import { TimesMissingError } from './times-missing-error.ts';

/** @throws {RangeError} (marked as actionable) if there are times, and not one for each item */
export function checkTimes({ sequences, times }: Pick<FlatDataset, 'sequences' | 'times'>): void {
  if (!times) return;
  const lengthOf = ({ starts, ends }: FlatSequences<Int32Array | Float64Array>, user: number) =>
    user < starts.length ? ends[user]! - starts[user]! : undefined;
  for (let user = 0; user < Math.max(sequences.length, times.length); user++) {
    const [items, got] = [lengthOf(sequences, user), lengthOf(times, user)];
    if (items === got) continue;
    throw actionable(
      new RangeError(
        `times must have one entry for each of the ${items ?? 0} items of user ${user}, got ` +
          `${got ?? 'none'}. Correct them, or leave times out.`,
      ),
    );
  }
}

/**
 * The times of a dataset, for what goes by them.
 *
 * @param purpose what goes by times, as the subject of the message
 * @throws {TimesMissingError} if there are none
 * @throws {RangeError} (marked as actionable) if there is not one for each item, or a user's are not
 * in ascending order
 */
export function requireTimes(
  dataset: SequenceDataset,
  purpose: string,
): FlatSequences<Float64Array> {
  if (!dataset.times) {
    throw new TimesMissingError(
      `${purpose} must have times to go by, got a dataset without. Read the column of times as ` +
        'well, or choose what goes by the order alone.',
    );
  }
  const times = flatSequences(dataset.times, Float64Array);
  checkTimes({ sequences: flatSequences(dataset.sequences), times });
  for (let user = 0; user < times.length; user++) checkOrder(user, times);
  return times;
}

/** Also refuses NaN, which is in no order. */
function checkOrder(user: number, { values, starts, ends }: FlatSequences<Float64Array>): void {
  let previous = Number.NEGATIVE_INFINITY;
  for (let at = starts[user]!; at < ends[user]!; at++) {
    const time = values[at]!;
    if (!(time >= previous)) {
      throw actionable(
        new RangeError(
          `times of user ${user} must be numbers in ascending order, got ${time} after ` +
            `${previous}. Sort the user's interactions.`,
        ),
      );
    }
    previous = time;
  }
}
