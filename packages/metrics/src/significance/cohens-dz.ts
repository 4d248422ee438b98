import { logGammaHalfStep } from './distributions/log-gamma-half-step.ts';
import { momentsOf } from './moments.ts';
import { pairedDifferences } from './paired-differences.ts';

export interface CohensDzOptions {
  /** Multiply by Hedges' correction: with few pairs the plain value is too large on average. */
  readonly hedges?: boolean;
}

/**
 * Standardised mean difference of pairs: the mean of `a − b` over its standard
 * deviation. Unlike a p-value it does not grow with the number of pairs.
 *
 * `NaN` if no pair differs; infinite if all differ by the same amount. Hedges'
 * correction is `Γ(ν/2) / (√(ν/2) · Γ((ν−1)/2))` with ν = pairs − 1; it is 0 for 2
 * pairs, which do not bear an unbiased estimate.
 *
 * @see Cohen, "Statistical Power Analysis for the Behavioral Sciences", 1988,
 * section 2.3.5; Hedges, "Distribution Theory for Glass's Estimator of Effect
 * Size and Related Estimators", Journal of Educational Statistics 1981
 * @throws {RangeError} if the lengths differ, there are fewer than 2 pairs, or
 * a value is `NaN` or infinite
 */
export function cohensDz(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { hedges = false }: CohensDzOptions = {},
): number {
  const differences = pairedDifferences(a, b);
  const { mean, standardDeviation } = momentsOf(differences);
  const plain = mean / standardDeviation;
  return hedges ? plain * hedgesCorrection(differences.length - 1) : plain;
}

function hedgesCorrection(degreesOfFreedom: number): number {
  return Math.exp(logGammaHalfStep((degreesOfFreedom - 1) / 2)) / Math.sqrt(degreesOfFreedom / 2);
}
