import type * as tf from '@tensorflow/tfjs-core';

/** The values of named tensors, as flat arrays. */
export function valuesOf(tensors: Readonly<Record<string, tf.Tensor>>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, [...tensor.dataSync()]]),
  );
}
