import { cast, greaterEqual, mul, type Tensor, tidy } from '@tensorflow/tfjs-core';

/** Draws a float32 tensor of the given shape, uniform in [0, 1). */
export type Uniform = (shape: readonly number[]) => Tensor;

/**
 * Sets a share `rate` of the elements to zero and scales the rest by `1 / (1 − rate)`.
 * With `rate` 0 it draws nothing and returns `x` itself.
 *
 * @throws {RangeError} unless 0 ≤ rate < 1
 */
export function dropout(x: Tensor, rate: number, uniform: Uniform): Tensor {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(`dropout rate must be at least 0 and below 1, got ${rate}`);
  }
  if (rate === 0) return x;
  return tidy(() => {
    const kept = cast(greaterEqual(uniform(x.shape), rate), 'float32');
    return mul(x, mul(kept, 1 / (1 - rate)));
  });
}
