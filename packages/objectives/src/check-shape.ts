import type { Tensor } from '@tensorflow/tfjs-core';

/** @throws {RangeError} if `tensor` has another shape; tfjs would broadcast some of them silently */
export function checkShape(name: string, tensor: Tensor, shape: readonly number[]): void {
  if (tensor.shape.join() === shape.join()) return;
  throw new RangeError(`${name} must have shape [${shape}], got [${tensor.shape}]`);
}
