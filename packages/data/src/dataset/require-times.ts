import { actionable } from '@rodpo/errors';
import type { SequenceDataset } from './sequence-dataset.ts';
import { TimesMissingError } from './times-missing-error.ts';

/** @throws {RangeError} (marked as actionable) if there are times, and not one for each item */
export function checkTimes({ sequences, times }: SequenceDataset): void {
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

/**
 * The times of a dataset, for what goes by them.
 *
 * @param purpose what goes by times, as the subject of the message
 * @throws {TimesMissingError} if there are none
 * @throws {RangeError} (marked as actionable) if there is not one for each item, or a user's are not
 * in ascending order
 */
export function requireTimes(dataset: SequenceDataset, purpose: string): readonly Float64Array[] {
  const { times } = dataset;
  if (!times) {
    throw new TimesMissingError(
      `${purpose} must have times to go by, got a dataset without. Read the column of times as ` +
        'well, or choose what goes by the order alone.',
    );
  }
  checkTimes(dataset);
  for (const [user, own] of times.entries()) checkOrder(user, own);
  return times;
}

/** Also refuses NaN, which is in no order. */
function checkOrder(user: number, own: Float64Array): void {
  let previous = Number.NEGATIVE_INFINITY;
  for (const time of own) {
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
