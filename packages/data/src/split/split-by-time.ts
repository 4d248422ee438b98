import { actionable } from '@rodpo/errors';
import { type FlatSequences, totalLength } from '../dataset/flat-sequences.ts';
import { requireTimes } from '../dataset/require-times.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { type SequenceSplit, splitAt } from './sequence-split.ts';

/** In the unit of the dataset's times. */
export interface SplitMoments {
  /** The first moment that validates; what was before trains. */
  readonly validationFrom: number;
  /** The first moment that tests; later than `validationFrom`. */
  readonly testFrom: number;
}

/**
 * Splits all sequences at the same two moments, as a service would live through them: what was before
 * the first trains, each interaction from there on is a target that validates, and each from the second
 * on one that tests. A target's history is everything the user did before it; a user's first interaction
 * is no target. Nobody's future is learned from, so figures are free of the leak across users that
 * `leaveOneOut` has. They tend to be lower: targets may be items that came later than the training.
 *
 * Users have as many cases as they have interactions in a period, and there may be millions: 8
 * bytes each. Nothing is copied, but sequences that lie in many arrays.
 *
 * @see Meng et al., "Exploring Data Splitting Strategies for the Evaluation of Recommendation Models",
 * RecSys 2020, https://arxiv.org/abs/2007.13237, on global splits by time
 * @throws {TimesMissingError} if the dataset has no times
 * @throws {RangeError} (marked as actionable) if moments are not in order, times are not in step or not
 * in ascending order, or one of the three parts would be empty
 */
export function splitByTime(
  dataset: SequenceDataset,
  { validationFrom, testFrom }: SplitMoments,
): SequenceSplit {
  if (!(Number.isFinite(testFrom) && validationFrom < testFrom)) {
    throw actionable(
      new RangeError(
        `validationFrom must be before testFrom, got ${validationFrom} and ${testFrom}. Give two ` +
          "moments in the unit of the dataset's times.",
      ),
    );
  }
  const times = requireTimes(dataset, 'A split by time');
  const split = splitAt(dataset.sequences, (user) => [
    firstFrom(times, user, validationFrom),
    firstFrom(times, user, testFrom),
  ]);
  requireParts(split, times);
  return split;
}

/** The first place whose time is not before `moment`. */
function firstFrom(times: FlatSequences<Float64Array>, user: number, moment: number): number {
  const start = times.starts[user]!;
  let [low, high] = [0, times.ends[user]! - start];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times.values[start + middle]! < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Most likely the moments are in another unit than the times. */
function requireParts(
  { train, validation, test }: SequenceSplit,
  times: FlatSequences<Float64Array>,
): void {
  const learned = totalLength(train);
  if (learned > 0 && validation.length > 0 && test.length > 0) return;
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const own of times) {
    first = Math.min(first, own[0] ?? first);
    last = Math.max(last, own.at(-1) ?? last);
  }
  throw actionable(
    new RangeError(
      'A split by time must leave something in each part, got ' +
        `${learned} interactions to learn from, ${validation.length} cases to validate and ` +
        `${test.length} to test. The times of the data run from ${first} to ${last}: choose moments ` +
        'between.',
    ),
  );
}
