import {
  FlatSequences,
  flatSequences,
  type PackedBatch,
  packTokens,
  type SequenceDataset,
  type Sequences,
  TimesMissingError,
} from '@rodpo/data';
import { intervalBuckets } from '@rodpo/encoder';
import type { BatchLayout } from './batch-layout.ts';

/** When the tokens of one sequence were, oldest first; as `PackedTokens` has it. */
export interface TokenTimes {
  /** Bucket of the time since the user's item before, be it read or not; 0 if there is none. */
  readonly intervals: Int32Array;
  /** From 0 to 1 over the training part of the data; what was held out can be later than 1. */
  readonly times: Float32Array;
}

/** The data's times as an encoder reads them, and any others on the same scale. */
export interface TimeReading {
  readonly of: UserTimes;
  /** @param times of one sequence, oldest first, in the unit of the data */
  readonly read: (times: Float64Array) => TokenTimes;
  readonly scale: TimeScale;
}

/** Earliest and latest time of the training part of the data: 0 and 1 as an encoder reads them. */
export interface TimeScale {
  readonly first: number;
  readonly last: number;
}

/** Times of a user's items from place `begin` to before `end`, counted from the user's first. */
export type UserTimes = (user: number, begin: number, end: number) => TokenTimes;

/**
 * Times of the dataset as the encoder reads them, or nothing if it reads none. Training and ranking
 * share them, so an item has the same interval in both, however many items before it are read.
 *
 * @param times of every user's items, oldest first
 * @param train the part of each user's sequence that is learned from
 * @throws {TimesMissingError} if the encoder reads times and the data has none
 */
export function userTimes(
  times: SequenceDataset['times'],
  train: Sequences,
  { intervals: settings }: Pick<BatchLayout, 'intervals'>,
): TimeReading | undefined {
  if (!settings) return undefined;
  if (!times) {
    throw new TimesMissingError(
      'The encoder reads times, but the data has none. Use data with a time column (a folder ' +
        'prepared before times were kept: run with --fresh), or an encoder without times.',
    );
  }
  const flat = flatSequences(times, Float64Array);
  const scale = trainingScale(flatSequences(train), flat);
  const span = scale.last - scale.first;
  const read = (own: Float64Array): TokenTimes => ({
    intervals: intervalBuckets(own, settings),
    times: Float32Array.from(own, (time) => (span > 0 ? (time - scale.first) / span : 0)),
  });
  return { of: knownTimes(flat, read), read, scale };
}

/** All read once, and kept in one array of each kind. */
function knownTimes(times: FlatSequences<Float64Array>, read: TimeReading['read']): UserTimes {
  const { starts } = FlatSequences.ofLengths(times.values, times.lengths());
  const known = {
    intervals: new Int32Array(times.total()),
    times: new Float32Array(times.total()),
  };
  for (const [user, own] of times.entries()) {
    const tokens = read(own);
    known.intervals.set(tokens.intervals, starts[user]!);
    known.times.set(tokens.times, starts[user]!);
  }
  return (user, begin, end) => timesBetween(known, starts[user]! + begin, starts[user]! + end);
}

/** Those of the places from `begin` to before `end`: views. */
export function timesBetween(
  { intervals, times }: TokenTimes,
  begin: number,
  end: number,
): TokenTimes {
  return { intervals: intervals.subarray(begin, end), times: times.subarray(begin, end) };
}

/** The times of a batch's tokens, flat, `[rows · rowLength]` each; 0 in padding. */
export function packTimes(
  packed: PackedBatch,
  timesOf: (sequence: number) => TokenTimes,
): { intervals: Int32Array; times: Float32Array } {
  const times = new Float32Array(packed.rows * packed.rowLength);
  for (const { sequence, row, offset, length } of packed.placements) {
    times.set(timesOf(sequence).times.subarray(0, length), row * packed.rowLength + offset);
  }
  return { intervals: packTokens(packed, (sequence) => timesOf(sequence).intervals), times };
}

/** Held-out times have no say in the scale: at training they have not happened yet. */
function trainingScale(
  train: FlatSequences,
  { values, starts }: FlatSequences<Float64Array>,
): TimeScale {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let user = 0; user < train.length; user++) {
    const length = train.ends[user]! - train.starts[user]!;
    if (length === 0) continue;
    first = Math.min(first, values[starts[user]!]!);
    last = Math.max(last, values[starts[user]! + length - 1]!);
  }
  return { first, last };
}
