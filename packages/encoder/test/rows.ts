import { expectAllClose } from '@rodpo/testing';
import { expect } from 'vitest';

/** Sequences of the tests, of items below 20. */
export const [a, b, c] = [
  [3, 7, 1, 12],
  [5, 5, 9],
  [19, 0],
] as const;

/** Sums in another order: a few roundings of values of about 1. */
const tolerance = { relative: 1e-5, absolute: 1e-5 };

export function expectRowsClose(actual: number[][], expected: number[][]): void {
  expect(actual.length).toBe(expected.length);
  expectAllClose(actual.flat(), expected.flat(), tolerance);
}

export function largestDifference(left: number[][], right: number[][]): number {
  return Math.max(
    ...left.flatMap((row, i) => row.map((value, j) => Math.abs(value - right[i]![j]!))),
  );
}
