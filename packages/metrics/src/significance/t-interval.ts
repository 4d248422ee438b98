import type { Alternative } from './alternative.ts';
import { studentQuantile } from './distributions/student-t.ts';

/** Low and high end. */
export type Interval = readonly [low: number, high: number];

export interface MeanEstimate {
  readonly mean: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/**
 * The values of the true mean that a t test at level `1 − confidence` would not
 * reject. The interval of a one-sided test is open on the side it looks to.
 */
export function tInterval(
  { mean, standardError, degreesOfFreedom }: MeanEstimate,
  confidence: number,
  alternative: Alternative = 'two-sided',
): Interval {
  const tail = alternative === 'two-sided' ? (1 - confidence) / 2 : 1 - confidence;
  const margin = -studentQuantile(tail, degreesOfFreedom) * standardError;
  return [
    alternative === 'less' ? Number.NEGATIVE_INFINITY : mean - margin,
    alternative === 'greater' ? Number.POSITIVE_INFINITY : mean + margin,
  ];
}
