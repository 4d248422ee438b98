import '@tensorflow/tfjs'; // registers the cpu backend and the gradients
import type { Scan } from '@rodpo/objectives';
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

/** Fails unless `compute` leaves `count` tensors behind. */
export function expectTensors(count: number, compute: () => unknown): void {
  tf.tidy(() => {
    const before = tf.memory().numTensors;
    compute();
    expect(tf.memory().numTensors - before).toBe(count);
  });
}

/** The loss at `points` and its gradient by each of them, as flat arrays. */
export function derivative(
  loss: (...points: tf.Tensor[]) => tf.Tensor,
  points: readonly tf.Tensor[],
): { value: number; gradients: Float32Array[] } {
  return tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads(loss)([...points]);
    return {
      value: value.dataSync()[0]!,
      gradients: grads.map((gradient) => Float32Array.from(gradient.dataSync())),
    } as never;
  });
}
