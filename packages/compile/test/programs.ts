import type { ProgramOptions, StepFunction } from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';

/** One step of gradient descent on a linear model with dropout. */
export const descend: StepFunction = ({ state, inputs, uniform }) => {
  const keep = tf.cast(tf.greater(uniform([4, 3]), 0.5), 'float32');
  const loss = (weights: tf.Tensor) => {
    const error = tf.sub(tf.matMul(tf.mul(inputs.x!, keep), weights), inputs.y!);
    return tf.mean(tf.square(error)) as tf.Scalar;
  };
  const { value, grad } = tf.valueAndGrad(loss)(state.weights!);
  return {
    outputs: { loss: value },
    state: { weights: tf.sub(state.weights!, tf.mul(grad, 0.1)) },
  };
};

export const descendOptions: ProgramOptions = {
  state: { weights: { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) } },
  inputs: {
    x: { shape: [4, 3], dtype: 'float32' },
    y: { shape: [4, 2], dtype: 'float32' },
  },
};

export const batch: Record<'x' | 'y', Float32Array> = {
  x: Float32Array.of(1, -1, 2, 0.5, 1, 0, 2, 2, 1, -1, 0, 3),
  y: Float32Array.of(1, 0, 2, 1, 0, 0, 1, 1),
};

/** A step of one input `x` and one output `y`. */
export function stepOf(op: (x: tf.Tensor) => tf.Tensor): StepFunction {
  return ({ inputs }) => ({ outputs: { y: op(inputs.x!) } });
}

/** Options of a step of one input. */
export function float(...shape: number[]): ProgramOptions {
  return { inputs: { x: { shape, dtype: 'float32' } } };
}
