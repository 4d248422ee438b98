import type { TimeSettings } from '../bundle/manifest.ts';

/** When the items of a history were chosen, as the encoder reads it. */
export interface TimeInputs {
  /** Bucket of the time since the item before: `floor(perOctave · log2(t[j] − t[j−1] + 1))`; 0 for the first. */
  readonly intervals: Int32Array;
  /** 0 at the earliest time that was learned from and 1 at the latest; what came after is later than 1. */
  readonly times: Float32Array;
}

/** @param times of one whole history, oldest first, in the unit of the data */
export function timeInputs(
  times: readonly number[],
  { first, last, count, perOctave }: TimeSettings,
): TimeInputs {
  const span = last - first;
  const bucket = (time: number, place: number) => {
    const interval = place === 0 ? 0 : time - times[place - 1]!;
    return Math.min(Math.floor(perOctave * Math.log2(interval + 1)), count - 1);
  };
  return {
    intervals: Int32Array.from(times, bucket),
    times: Float32Array.from(times, (time) => (span > 0 ? (time - first) / span : 0)),
  };
}
