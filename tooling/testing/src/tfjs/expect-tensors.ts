import { memory, tidy } from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** Fails unless `compute` leaves `count` tensors behind. */
export function expectTensors(count: number, compute: () => unknown): void {
  tidy(() => {
    const before = memory().numTensors;
    compute();
    expect(memory().numTensors - before).toBe(count);
  });
}
