import { split, type Tensor } from '@tensorflow/tfjs-core';

/**
 * `count` parts of `x` along an axis, which `count` must divide. As `tf.split`, but one part is `x`
 * itself: tfjs fails on the way back from one.
 */
export function splitEvenly<Part extends Tensor>(x: Part, count: number, axis: number): Part[] {
  return count === 1 ? [x] : (split(x, count, axis) as Part[]);
}
