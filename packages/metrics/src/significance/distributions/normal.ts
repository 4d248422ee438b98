import { solveTail } from './solve-tail.ts';

/**
 * `P(Z ≤ z)` of a standard normal Z, with a relative error
 * near 1e-15 at the middle and 1e-13 where the probability is 1e-300. The upper
 * tail `P(Z > z)` is `normalCdf(-z)`, never `1 - normalCdf(z)`.
 */
export function normalCdf(z: number): number {
  return z > 0 ? 1 - upperTail(z) : upperTail(-z);
}

/** The z with `normalCdf(z) = probability`; infinite at 0 and 1, `NaN` outside. */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return -normalQuantile(1 - probability); // the subtraction is exact
  if (!(probability > 0)) return probability === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;

  const start = Math.sqrt(-2 * Math.log(2 * probability)); // P(Z > z) ≤ exp(-z² / 2) / 2
  return -solveTail({ tail: upperTail, scaledDensity, probability, start });
}

/** `P(Z > z)` for `z` ≥ 0. */
function upperTail(z: number): number {
  if (z === Number.POSITIVE_INFINITY) return 0;
  return z < 2
    ? 0.5 - scaledDensity(z) * centralSeries(z * z)
    : scaledDensity(z) / (z * tailFraction(z));
}

function scaledDensity(z: number): number {
  return (z * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/**
 * `1 + s/3 + s²/(3·5) + …` with `s` = z²: the probability between 0 and z over
 * z times the density at z.
 *
 * @see Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software 2004
 */
function centralSeries(square: number): number {
  let sum = 0;
  let term = 1;
  for (let odd = 3; sum + term > sum; odd += 2) {
    sum += term;
    term *= square / odd;
  }
  return sum;
}

const FRACTION_LEVELS = 120; // reach 1e-16 at z = 2; larger z need fewer

/**
 * Laplace's continued fraction `z + 1/(z + 2/(z + 3/(z + …)))`: the density
 * over the upper tail.
 *
 * @see NIST Digital Library of Mathematical Functions, section 7.9,
 * https://dlmf.nist.gov/7.9
 */
function tailFraction(z: number): number {
  let fraction = z;
  for (let level = FRACTION_LEVELS; level > 0; level--) fraction = z + level / fraction;
  return fraction;
}
