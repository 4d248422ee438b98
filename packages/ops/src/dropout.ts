import { actionable } from '@rodpo/errors';
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
  return rate === 0 ? x : tidy(() => mul(x, dropoutMask(x.shape, rate, uniform)));
}

/**
 * What `dropout` multiplies by: 0 for a share `rate` of the elements, `1 / (1 − rate)` for the rest.
 *
 * @throws {RangeError} unless 0 ≤ rate < 1
 */
export function dropoutMask(shape: readonly number[], rate: number, uniform: Uniform): Tensor {
  if (!(rate >= 0 && rate < 1)) {
    throw actionable(
      new RangeError(`The dropout rate must be at least 0 and below 1, got ${rate}`),
    );
  }
  return tidy(() => mul(cast(greaterEqual(uniform(shape), rate), 'float32'), 1 / (1 - rate)));
}
