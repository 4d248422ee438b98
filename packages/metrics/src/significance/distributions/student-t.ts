import { logGammaHalfStep } from './log-gamma-half-step.ts';
import { normalQuantile } from './normal.ts';
import { solveTail } from './solve-tail.ts';

/**
 * `P(T ≤ t)` of Student's t with `degreesOfFreedom` > 0, with a relative error
 * near 1e-15 at the middle and 2e-13 where the probability is 1e-300. The upper
 * tail `P(T > t)` is `studentCdf(-t, …)`, never `1 - studentCdf(t, …)`.
 */
export function studentCdf(t: number, degreesOfFreedom: number): number {
  return t > 0 ? 1 - upperTail(t, degreesOfFreedom) : upperTail(-t, degreesOfFreedom);
}

/** The t with `studentCdf(t, …) = probability`; infinite at 0 and 1, `NaN` outside. */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  if (probability > 0.5) return -studentQuantile(1 - probability, degreesOfFreedom); // exact
  if (!(probability > 0)) return probability === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;

  return -solveTail({
    tail: (t) => upperTail(t, degreesOfFreedom),
    scaledDensity: (t) => scaledDensity(betaArguments(t, degreesOfFreedom)),
    probability,
    start: -normalQuantile(probability),
  });
}

/** `P(T > t)` for `t` ≥ 0, by whichever of two expansions converges fast. */
function upperTail(t: number, degreesOfFreedom: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0;
  const beta = betaArguments(t, degreesOfFreedom);
  return t * t < 3
    ? 0.5 - scaledDensity(beta) * centralSeries(beta)
    : scaledDensity(beta) / (2 * tailFraction(beta));
}

/**
 * A tail of Student's t is half of the regularised incomplete beta function
 * I_x(a, 1/2) at `a` = ν / 2 and `x` = ν / (ν + t²); `y` is 1 − x.
 */
interface BetaArguments {
  readonly a: number;
  readonly x: number;
  readonly y: number;
  readonly logX: number;
}

function betaArguments(t: number, degreesOfFreedom: number): BetaArguments {
  const ratio = t / Math.sqrt(degreesOfFreedom);
  const cosine = 1 / Math.hypot(1, ratio); // of the angle whose tangent is ratio
  return {
    a: degreesOfFreedom / 2,
    x: cosine * cosine,
    y: (ratio * cosine) ** 2,
    logX: ratio < 1 ? -Math.log1p(ratio * ratio) : 2 * Math.log(cosine),
  };
}

/** t times the density at t, which is `x^a · y^(1/2) / B(a, 1/2)`. */
function scaledDensity({ a, y, logX }: BetaArguments): number {
  return Math.exp(a * logX + logGammaHalfStep(a)) * Math.sqrt(y / Math.PI);
}

/**
 * `I_y(1/2, a) / 2` over the scaled density, for small y. All terms are positive.
 *
 * @see NIST Digital Library of Mathematical Functions, https://dlmf.nist.gov/8.17.E8
 */
function centralSeries({ a, y }: BetaArguments): number {
  let sum = 0;
  let term = 1;
  for (let n = 0; sum + term > sum; n++) {
    sum += term;
    term *= ((a + 0.5 + n) / (1.5 + n)) * y;
  }
  return sum;
}

const FRACTION_LEVELS = 100; // reach 1e-16 at t² = 3 for all degrees of freedom

/**
 * The scaled density over `I_x(a, 1/2)`: a continued fraction whose terms keep
 * y apart from x, so that nothing cancels where x is close to 1.
 *
 * @see DiDonato and Morris, "Algorithm 708: Significant Digit Computation of
 * the Incomplete Beta Function Ratios", ACM TOMS 1992
 */
function tailFraction({ a, x, y }: BetaArguments): number {
  const numerator = (m: number) =>
    ((a + m - 1) * (a + m - 0.5) * m * (0.5 - m) * x * x) / (a + 2 * m - 1) ** 2;
  const last = (m: number) => ((a + m) * (a * y - x / 2 + 1 + m * (1 + y))) / (a + 2 * m + 1);
  const denominator = (m: number) => m + (m * (0.5 - m) * x) / (a + 2 * m - 1) + last(m);

  let fraction = denominator(FRACTION_LEVELS);
  for (let m = FRACTION_LEVELS; m > 1; m--) {
    fraction = denominator(m - 1) + numerator(m) / fraction;
  }
  return last(0) + numerator(1) / fraction; // the other terms of level 0 are 0, or 0 / 0 at a = 1
}
