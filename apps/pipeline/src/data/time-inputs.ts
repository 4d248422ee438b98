import { leaveOneOut, type PackedBatch, packTokens } from '@rodpo/data';
import { type IntervalBucketOptions, intervalBuckets } from '@rodpo/encoder';
import { type Config, ConfigError } from '../config.ts';
import type { Dataset } from './dataset.ts';

/** When the tokens of one sequence were, oldest first; as `PackedTokens` has it. */
export interface TokenTimes {
  /** Bucket of the time since the user's item before, be it read or not; 0 if there is none. */
  readonly intervals: Int32Array;
  /** From 0 to 1 over the training part of the data; what was held out can be later than 1. */
  readonly times: Float32Array;
}

/** Times of a user's items from place `begin` to before `end`, counted from the user's first. */
export type UserTimes = (user: number, begin: number, end: number) => TokenTimes;

/** Whether the encoder reads when things happened. */
export function needsTimes(config: Config): boolean {
  return intervalSettings(config) !== undefined;
}

/**
 * Times of the dataset as the encoder reads them, or nothing if it reads none. Training and ranking
 * share them, so an item has the same interval in both, however many items before it are read.
 *
 * @throws {ConfigError} if the encoder reads times and the data has none
 */
export function userTimes(dataset: Dataset, config: Config): UserTimes | undefined {
  const settings = intervalSettings(config);
  if (!settings) return undefined;
  if (!dataset.times) {
    throw new ConfigError(
      'The encoder reads times, but the data of this run has none. Use data with a time column ' +
        '(a folder prepared before times were kept: run with --fresh), or an encoder without times.',
    );
  }
  const scale = trainingScale(dataset, dataset.times);
  const scaled = dataset.times.map((own) => Float32Array.from(own, scale));
  const intervals = dataset.times.map((own) => intervalBuckets(own, settings));
  return (user, begin, end) => ({
    intervals: intervals[user]!.subarray(begin, end),
    times: scaled[user]!.subarray(begin, end),
  });
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

/** How the encoder tells intervals apart, or nothing if it reads none. */
export function intervalSettings({ encoder }: Config): Required<IntervalBucketOptions> | undefined {
  const isRead = encoder.kind === 'hm4sr' || encoder.positions === 'intervals';
  const read = encoder.kind === 'hm4sr' ? encoder.temporal : encoder;
  return isRead && read
    ? { count: read.intervalCount, perOctave: read.intervalsPerOctave }
    : undefined;
}

/** Held-out times have no say in the scale: at training they have not happened yet. */
function trainingScale(
  { sequences }: Dataset,
  times: readonly Float64Array[],
): (time: number) => number {
  const { train } = leaveOneOut(sequences);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [user, { length }] of train.entries()) {
    if (length === 0) continue;
    first = Math.min(first, times[user]![0]!);
    last = Math.max(last, times[user]![length - 1]!);
  }
  const span = last - first;
  return (time) => (span > 0 ? (time - first) / span : 0);
}
