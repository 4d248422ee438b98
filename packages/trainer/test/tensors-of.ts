import type { NamedArrays } from '@rodpo/files';
import * as tf from '@tensorflow/tfjs-core';

/** Arrays as tensors, under the same names. */
export function tensorsOf(arrays: NamedArrays): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
}
