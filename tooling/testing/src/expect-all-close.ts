import { assert } from 'vitest';

export interface ClosenessOptions {
  /** Allowed difference as a share of the expected magnitude. */
  readonly relative?: number;
  /** Allowed difference whatever the expected magnitude. */
  readonly absolute?: number;
}

/**
 * Fails unless every element is within `absolute + relative · |expected|` of the expected one,
 * and names the element that is furthest out. A NaN on either side fails; an infinity is close
 * only to itself.
 */
export function expectAllClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative = 1e-5, absolute = 1e-6 }: ClosenessOptions = {},
): void {
  if (actual.length !== expected.length) {
    assert.fail(`Expected ${expected.length} elements, got ${actual.length}`);
  }

  const excesses = Array.from(expected, (value, index) => {
    const allowed = Number.isFinite(value) ? absolute + relative * Math.abs(value) : 0;
    return excess(actual[index]!, value, allowed);
  });
  const outside = excesses.filter((amount) => amount > 0).length;
  if (outside === 0) return;

  const worst = excesses.indexOf(excesses.reduce((a, b) => Math.max(a, b)));
  assert.fail(
    `${outside} of ${expected.length} elements are not close (relative ${relative}, absolute ` +
      `${absolute}). The worst is element ${worst}: ` +
      `expected ${expected[worst]}, got ${actual[worst]}`,
  );
}

/** How far beyond the allowed difference: 0 if within it, infinite if they cannot be compared. */
function excess(actual: number, expected: number, allowed: number): number {
  if (actual === expected) return 0;
  const difference = Math.abs(actual - expected);
  return difference <= allowed ? 0 : Number.isNaN(difference) ? Infinity : difference - allowed;
}
