import { requirePositiveInteger } from '@rodpo/errors';

export interface IntervalBucketOptions {
  /** Buckets for each doubling of the interval. Default 1; HM4SR has 100. */
  readonly perOctave?: number;
  /** Buckets in all; longer intervals share the last one. */
  readonly count: number;
}

/**
 * The time since the item before, as a bucket of a logarithmic scale: `floor(perOctave · log2(t[j] −
 * t[j−1] + 1))`, and 0 for the first item.
 *
 * @param times of one sequence, in seconds, oldest first
 * @throws {RangeError} if times decrease or are not finite, or an option is out of its range
 * @see Zhang et al., "Hierarchical Time-Aware Mixture of Experts for Multi-Modal Sequential
 *   Recommendation", 2025, https://arxiv.org/abs/2501.14269; `HM4SR.py` of its published code
 */
export function intervalBuckets(
  times: ArrayLike<number>,
  { perOctave = 1, count }: IntervalBucketOptions,
): Int32Array {
  if (!(perOctave > 0 && perOctave < Infinity)) {
    throw new RangeError(`perOctave must be positive and finite, got ${perOctave}`);
  }
  requirePositiveInteger('count', count);
  return Int32Array.from(times, (time, j) => {
    const interval = j === 0 ? 0 : time - times[j - 1]!;
    if (!(Number.isFinite(time) && interval >= 0)) {
      throw new RangeError(
        `times must be finite and in order, oldest first; got ${time} at ${j}` +
          (j === 0 ? '' : ` after ${times[j - 1]}`),
      );
    }
    return Math.min(Math.floor(perOctave * Math.log2(interval + 1)), count - 1);
  });
}
