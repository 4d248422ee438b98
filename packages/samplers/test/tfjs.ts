import '@rodpo/testing/tfjs';
import { fillUniform } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** The largest float32 below 1. */
export const almostOne: number = 1 - 2 ** -24;

/** Where rounding could go wrong. The last two are 1 in float32; noise should not be, but may. */
export const extremes: readonly number[] = [0, 2 ** -24, 0.5, almostOne, 1 - 2 ** -32, 1];

/** `size` draws, among them the smallest and the largest, and 1, which double noise rounds to. */
export function anyNoise(size: number, seed: number): Float32Array {
  const noise = fillUniform(new Float32Array(size), seed);
  noise.set([0, almostOne, 1].slice(0, size));
  return noise;
}

/** The values of the tensors that `compute` makes; fails if it leaves any other tensor behind. */
export function evaluate<Name extends string>(
  compute: () => Readonly<Record<Name, tf.Tensor>>,
): Record<Name, number[]> {
  return tf.tidy(() => {
    const before = tf.memory().numTensors;
    const made = Object.entries<tf.Tensor>(compute());
    expect(tf.memory().numTensors).toBe(before + made.length);
    return Object.fromEntries(made.map(([name, tensor]) => [name, [...tensor.dataSync()]]));
  }) as Record<Name, number[]>;
}

/** `rowCount` equal rows: `[rowCount, values.length]` int32. */
export function repeated(values: readonly number[], rowCount: number): tf.Tensor2D {
  const rows = Array.from({ length: rowCount }, () => values).flat();
  return tf.tensor2d(rows, [rowCount, values.length], 'int32');
}

/** A point in the middle of each of `count` equal parts of [0, 1). */
export const sweep = (count: number): number[] =>
  Array.from({ length: count }, (_, part) => (part + 0.5) / count);

/** How often each of the numbers below `length` occurs. */
export function tally(values: readonly number[], length: number): number[] {
  const counts = new Array<number>(length).fill(0);
  for (const value of values) counts[value]! += 1;
  return counts;
}

/**
 * Pearson's statistic of `counts` against the shares of `weights`: mean bins − 1, variance
 * 2 (bins − 1). Infinite if anything came that cannot.
 */
export function chiSquare(counts: readonly number[], weights: readonly number[]): number {
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const draws = sum(counts) / sum(weights);
  return sum(
    counts.map((count, bin) => {
      const expected = draws * weights[bin]!;
      return count === expected ? 0 : (count - expected) ** 2 / expected;
    }),
  );
}
