import { cast, floor, minimum, mul, scalar, sub, type Tensor } from '@tensorflow/tfjs-core';

/** Integers up to this, and their products with noise of 24 bits, keep their order in float32. */
export const floatIntegers: number = 2 ** 24;

/**
 * `floor(uniform · count)`, never `count` itself: a double just below 1 is 1 in float32. int32,
 * and −1 where `count` is 0.
 */
export function floorDraw(uniform: Tensor, count: Tensor): Tensor {
  const scaled = cast(floor(mul(uniform, cast(count, 'float32'))), 'int32');
  return minimum(scaled, sub(count, scalar(1, 'int32')));
}
