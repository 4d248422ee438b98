import { type Alternative, pValueOf } from './alternative.ts';
import { checkConfidence } from './check-confidence.ts';
import { studentCdf } from './distributions/student-t.ts';
import { momentsOf } from './moments.ts';
import { pairedDifferences } from './paired-differences.ts';
import { type Interval, tInterval } from './t-interval.ts';

export interface PairedTTestOptions {
  /** `greater`: the mean of `a` is greater than that of `b`. */
  readonly alternative?: Alternative;
  /** Of the interval, strictly between 0 and 1. */
  readonly confidence?: number;
}

export interface PairedTTest {
  /** Mean difference over its standard error. */
  readonly statistic: number;
  /** One less than the number of pairs. */
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  /** Mean of `a − b`. */
  readonly meanDifference: number;
  readonly standardError: number;
  /** Of the mean difference; one end is infinite if the test is one-sided. */
  readonly confidenceInterval: Interval;
  readonly confidence: number;
}

/**
 * Student's t test of the mean of the differences `a − b`: shapes
 * `[pairCount]`, pair by pair. Pass the candidate as `a` and the baseline as `b`.
 *
 * A pair is a user (or case) when one trained model is compared with another,
 * and a seed when two methods are. Many users under one seed say nothing about
 * how much another seed would change.
 *
 * Differences without any spread leave nothing to divide by: if all are 0, the
 * statistic and the p-value are `NaN`, and if all are the same other number, the
 * statistic is infinite. The interval is then that one number. SciPy does so too.
 *
 * @see Student, "The Probable Error of a Mean", Biometrika 1908; SciPy, `scipy.stats.ttest_rel`
 * @throws {RangeError} if the lengths differ, there are fewer than 2 pairs, a
 * value is `NaN` or infinite, `confidence` is not between 0 and 1, or `alternative` is none of its words
 */
export function pairedTTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { alternative = 'two-sided', confidence = 0.95 }: PairedTTestOptions = {},
): PairedTTest {
  checkConfidence(confidence);
  const differences = pairedDifferences(a, b);
  const { mean, standardDeviation } = momentsOf(differences);
  const standardError = standardDeviation / Math.sqrt(differences.length);
  const statistic = mean / standardError; // 0 / 0 is NaN
  const degreesOfFreedom = differences.length - 1;

  return {
    statistic,
    degreesOfFreedom,
    pValue: pValueOf(
      studentCdf(-statistic, degreesOfFreedom),
      studentCdf(statistic, degreesOfFreedom),
      alternative,
    ),
    meanDifference: mean,
    standardError,
    confidenceInterval: tInterval(
      { mean, standardError, degreesOfFreedom },
      confidence,
      alternative,
    ),
    confidence,
  };
}
