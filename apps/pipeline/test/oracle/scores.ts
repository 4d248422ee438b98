/** Scores of items for what a user wants: dot products. */

import type { Plain } from './encode-sequence.ts';

export function scoreOf(vector: Float64Array, items: Float64Array, item: number): number {
  let sum = 0;
  for (let column = 0; column < vector.length; column++) {
    sum += vector[column]! * items[item * vector.length + column]!;
  }
  return sum;
}

export function allScores(vector: Float64Array, { items }: Plain): number[] {
  const count = items!.length / vector.length;
  return Array.from({ length: count }, (_, item) => scoreOf(vector, items!, item));
}

/** `log Σ exp`. */
export function logSumExp(values: readonly number[]): number {
  const highest = Math.max(...values);
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}
