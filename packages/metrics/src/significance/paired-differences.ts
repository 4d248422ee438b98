/**
 * `a − b` pair by pair, as float64: shape `[pairCount]`.
 *
 * @throws {RangeError} if the lengths differ, there are fewer than 2 pairs, or
 * a value is `NaN` or infinite
 */
export function pairedDifferences(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) {
    throw new RangeError(
      `a and b must hold one value per pair, got ${a.length} and ${b.length} values. ` +
        'Judge both models on the same cases, in the same order.',
    );
  }
  checkCount(a.length, 'pairs');

  const differences = new Float64Array(a.length);
  for (let index = 0; index < a.length; index++) {
    checkFinite('a', a[index]!, index);
    checkFinite('b', b[index]!, index);
    differences[index] = a[index]! - b[index]!;
  }
  return differences;
}

/** @throws {RangeError} if `count` is below 2: one value says nothing about its variation */
export function checkCount(count: number, what: string): void {
  if (count < 2) {
    throw new RangeError(
      `expected at least 2 ${what}, got ${count}. A single value shows no variation to judge it by.`,
    );
  }
}

/** @throws {RangeError} if `value` is `NaN` or infinite */
export function checkFinite(name: string, value: number, index: number): void {
  if (!Number.isFinite(value)) {
    throw new RangeError(
      `${name}[${index}] must be a finite number, got ${value}. ` +
        'Leave out, on both sides, the cases that a metric cannot judge.',
    );
  }
}
