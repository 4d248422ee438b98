/**
 * Holm's step-down adjustment for several tests at once: an adjusted p-value at
 * or below α rejects, with a chance of at most α that any true null hypothesis
 * is rejected, however the tests depend on one another. Shape as `pValues`,
 * in their order; at least as large as they are, at most 1.
 *
 * A `NaN` stays `NaN` and still counts as a test. To drop, after the fact, a
 * test that could not be computed would flatter the others.
 *
 * @see Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
 * Scandinavian Journal of Statistics 1979
 * @throws {RangeError} if a p-value is below 0 or above 1
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  const count = pValues.length;
  for (let index = 0; index < count; index++) checkPValue(pValues[index]!, index);

  const order = Array.from({ length: count }, (_, index) => index)
    .filter((index) => !Number.isNaN(pValues[index]!))
    .sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Float64Array(count).fill(Number.NaN);
  let largest = 0;
  order.forEach((index, step) => {
    largest = Math.max(largest, Math.min(1, (count - step) * pValues[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
}

function checkPValue(pValue: number, index: number): void {
  if (pValue < 0 || pValue > 1) {
    throw new RangeError(
      `pValues[${index}] must lie between 0 and 1, got ${pValue}. Pass p-values, not statistics.`,
    );
  }
}
