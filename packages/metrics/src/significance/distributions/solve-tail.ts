export interface TailProblem {
  /** The upper tail probability `P(X > x)` for `x` ≥ 0. */
  readonly tail: (x: number) => number;
  /** `x` times the density at `x`. */
  readonly scaledDensity: (x: number) => number;
  /** The tail probability to reach, in (0, 0.5]. */
  readonly probability: number;
  /** Where to start; at or above 0. */
  readonly start: number;
}

const STEP_LIMIT = 100; // fewer than 20 are taken

/**
 * The x ≥ 0 with `tail(x) = probability`, by Newton steps on the logarithms of
 * both: there a Gaussian tail is a parabola and an algebraic one almost a line.
 * The log-tail falls ever faster in `ln x`, so a step from anywhere lands at or
 * beyond the solution, and all later ones approach it from there.
 */
export function solveTail({ tail, scaledDensity, probability, start }: TailProblem): number {
  let x = start;
  for (let step = 0; step < STEP_LIMIT && x > 0; step++) {
    const reached = tail(x);
    const slope = scaledDensity(x) / reached; // of -ln(tail) in ln(x)
    const previous = x;
    x *= Math.exp(Math.log(reached / probability) / slope);
    if (Math.abs(x - previous) <= 1e-12 * x) return x; // the error is the square of the step
  }
  return x;
}
