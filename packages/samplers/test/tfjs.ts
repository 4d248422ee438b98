import '@tensorflow/tfjs'; // registers the cpu backend
import type { Scan } from '@rodpo/samplers/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

tf.enableProdMode(); // no banner
await tf.setBackend('cpu');

/** The plainest loop that fits: slice, call, stack. */
export const loop: Scan = (body, initial, sequences) => {
  let carry = initial;
  const rows: tf.Tensor[][] = [];
  for (let index = 0; index < sequences[0]!.shape[0]!; index++) {
    const slices = sequences.map((sequence) => tf.gather(sequence, index));
    const result = body(carry, slices);
    carry = result.carry;
    rows.push(result.outputs);
  }
  return { carry, outputs: rows[0]!.map((_, column) => tf.stack(rows.map((row) => row[column]!))) };
};

/** The values of the tensor that `compute` makes; fails if it leaves any other tensor behind. */
export function evaluate(compute: () => tf.Tensor): number[] {
  return tf.tidy(() => {
    const before = tf.memory().numTensors;
    const result = compute();
    expect(tf.memory().numTensors).toBe(before + 1);
    return [...result.dataSync()];
  });
}

/** Pearson's statistic against equal expected counts: mean bins − 1, variance 2 (bins − 1). */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
