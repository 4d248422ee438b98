/**
 * `ln Γ(value + 1/2) − ln Γ(value)` for `value` ≥ 0, to about 1e-15; minus
 * infinity at 0.
 *
 * Student's density and Hedges' correction need only this difference. As a
 * difference of two log-gammas it would lose nine digits at a million degrees
 * of freedom, where each of them is near 6e6.
 *
 * @see NIST Digital Library of Mathematical Functions, 5.11.8 with h = 0 and
 * h = 1/2, https://dlmf.nist.gov/5.11.E8: the terms of the two subtracted
 */
export function logGammaHalfStep(value: number): number {
  let large = value;
  let ratio = 1;
  // Γ(z + 3/2) / Γ(z + 1) = Γ(z + 1/2) / Γ(z) · (z + 1/2) / z; the series wants a large z.
  while (large < 16) {
    ratio *= large / (large + 0.5);
    large++;
  }

  const square = 1 / (large * large);
  const series =
    -1 / 8 +
    square * (1 / 192 + square * (-1 / 640 + square * (17 / 14336 - square * (31 / 18432))));
  return Math.log(large) / 2 + series / large + Math.log(ratio);
}
