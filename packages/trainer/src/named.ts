import { type Tensor, util } from '@tensorflow/tfjs-core';

/**
 * What belongs to a parameter among tensors by name.
 *
 * @param caller the function whose arguments these are, for the error
 * @throws {RangeError} if there is none
 * @throws {Error} if it is of another shape
 */
export function named(
  tensors: Readonly<Record<string, Tensor>>,
  name: string,
  { role, shape, caller }: { role: string; shape: readonly number[]; caller: string },
): Tensor {
  const tensor = tensors[name];
  if (!tensor) {
    throw new RangeError(`Expected a ${role} '${name}', got none. Give one to every parameter.`);
  }
  util.assertShapesMatch(tensor.shape, [...shape], `${caller}: ${role} '${name}':`);
  return tensor;
}
