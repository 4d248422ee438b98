import '@tensorflow/tfjs'; // registers the cpu backend and the gradients
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

tf.enableProdMode(); // no banner
await tf.setBackend('cpu');

/** Fails unless `compute` leaves `count` tensors behind. */
export function expectTensors(count: number, compute: () => unknown): void {
  tf.tidy(() => {
    const before = tf.memory().numTensors;
    compute();
    expect(tf.memory().numTensors - before).toBe(count);
  });
}

/** The values of named tensors, as flat arrays. */
export function valuesOf(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, [...tensor.dataSync()]]),
  );
}
