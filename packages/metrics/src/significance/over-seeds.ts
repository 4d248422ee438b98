import { checkConfidence } from './check-confidence.ts';
import { momentsOf } from './moments.ts';
import { checkCount, checkFinite } from './paired-differences.ts';
import { type Interval, tInterval } from './t-interval.ts';

export interface OverSeedsOptions {
  /** Of the interval, strictly between 0 and 1. */
  readonly confidence?: number;
}

export interface OverSeeds {
  readonly seedCount: number;
  readonly mean: number;
  /** Between seeds, with `seedCount − 1` in the denominator: how much one more run may differ. */
  readonly standardDeviation: number;
  /** Of the mean: `standardDeviation / √seedCount`. */
  readonly standardError: number;
  /** Of the mean over all seeds there could be, by Student's t. */
  readonly confidenceInterval: Interval;
  readonly confidence: number;
}

/**
 * Sums up one metric of one method over training runs that differ in their seed
 * alone: shape `[seedCount]`. To compare two methods that ran under the same
 * seeds, pass their values to `pairedTTest`, or the differences to this function.
 *
 * @throws {RangeError} if there are fewer than 2 values, one is `NaN` or
 * infinite, or `confidence` is not between 0 and 1
 */
export function overSeeds(
  values: ArrayLike<number>,
  { confidence = 0.95 }: OverSeedsOptions = {},
): OverSeeds {
  checkConfidence(confidence);
  checkCount(values.length, 'seeds');
  for (let seed = 0; seed < values.length; seed++) checkFinite('values', values[seed]!, seed);

  const seedCount = values.length;
  const { mean, standardDeviation } = momentsOf(values);
  const standardError = standardDeviation / Math.sqrt(seedCount);
  const estimate = { mean, standardError, degreesOfFreedom: seedCount - 1 };
  return {
    seedCount,
    mean,
    standardDeviation,
    standardError,
    confidenceInterval: tInterval(estimate, confidence),
    confidence,
  };
}
