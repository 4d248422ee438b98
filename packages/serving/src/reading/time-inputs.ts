import type { TimeSettings } from '../bundle/manifest.ts';

/** When the items of a history were chosen, as the encoder reads it. */
export interface TimeInputs {
  /** Bucket of the time since the item before: `floor(perOctave · log2(t[j] − t[j−1] + 1))`; 0 for the first. */
  readonly intervals: Int32Array;
  /** 0 at the earliest time that was learned from and 1 at the latest; what came after is later than 1. */
  readonly times: Float32Array;
}

/**
 * Farthest time on the encoder's scale. What an encoder multiplies it by must be finite as well, so weights
 * are left the other half of float32's exponents.
 */
const farthest = 2 ** 64;

/** Whether the encoder can calculate with a time; of one beyond, all that it is read with would be no number. */
export const isWithinReach = (time: number, settings: TimeSettings): boolean =>
  Math.abs(scaled(time, settings)) <= farthest;

/**
 * @param times of one whole history, oldest first and each within reach, in the unit of the data
 */
export function timeInputs(times: readonly number[], settings: TimeSettings): TimeInputs {
  const { count, perOctave } = settings;
  const bucket = (time: number, place: number) => {
    const interval = place === 0 ? 0 : time - times[place - 1]!;
    return Math.min(Math.floor(perOctave * Math.log2(interval + 1)), count - 1);
  };
  return {
    intervals: Int32Array.from(times, bucket),
    times: Float32Array.from(times, (time) => scaled(time, settings)),
  };
}

function scaled(time: number, { first, last }: TimeSettings): number {
  return last > first ? (time - first) / (last - first) : 0;
}
