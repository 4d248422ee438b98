import { checkConfidence } from './check-confidence.ts';
import { momentsOf } from './moments.ts';
import type { Interval } from './t-interval.ts';

export interface BootstrapEstimate {
  /** Mean of the differences as they were seen, not of the resamples. */
  readonly meanDifference: number;
  /** Two-sided. */
  readonly confidenceInterval: Interval;
  /** Standard deviation of the resampled means. */
  readonly standardError: number;
  readonly confidence: number;
  readonly resamples: number;
}

/** @throws {RangeError} unless `confidence` is in (0, 1) and `resamples` an integer from 2 on */
export function checkBootstrap(confidence: number, resamples: number): void {
  checkConfidence(confidence);
  if (!Number.isInteger(resamples) || resamples < 2) {
    throw new RangeError(
      `resamples must be an integer of at least 2, got ${resamples}. 10,000 steady a 95 % interval.`,
    );
  }
}

/** The estimate whose interval ends at two probabilities of the resampled `means`. Sorts them. */
export function bootstrapEstimate(
  means: Float64Array,
  meanDifference: number,
  confidence: number,
  [low, high]: Interval = percentileEnds(confidence),
): BootstrapEstimate {
  const { standardDeviation: standardError } = momentsOf(means);
  means.sort();
  return {
    meanDifference,
    confidenceInterval: [quantileOf(means, low), quantileOf(means, high)],
    standardError,
    confidence,
    resamples: means.length,
  };
}

/** The probabilities that leave as much below as above. */
export function percentileEnds(confidence: number): Interval {
  return [(1 - confidence) / 2, (1 + confidence) / 2];
}

/** Linear between the two neighbours of position `probability · (length − 1)`, as NumPy's default. */
function quantileOf(sorted: Float64Array, probability: number): number {
  const position = probability * (sorted.length - 1);
  if (Number.isNaN(position)) return Number.NaN;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}
