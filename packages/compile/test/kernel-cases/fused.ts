import * as tf from '@tensorflow/tfjs-core';
import { type KernelCase, kernelCase, type Operand, quarters } from './kernel-case.ts';

const activations = ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const;

/** Bias and slopes of prelu for results of `[…, 4]`: none, for all, one each. */
const biases: readonly (number[] | undefined)[] = [undefined, [], [1], [4]];

type Fused = (
  operands: tf.Tensor[],
  options: {
    bias?: tf.Tensor;
    activation: (typeof activations)[number];
    preluActivationWeights?: tf.Tensor;
    leakyreluAlpha?: number;
  },
) => tf.Tensor;

function fusedCases(name: string, operands: Operand[], op: Fused): KernelCase[] {
  return activations.flatMap((activation) =>
    biases.map((bias) => {
      const added = bias ? [quarters(...bias)] : [];
      const slopes = activation === 'prelu' ? [quarters(...(bias ?? [4]))] : [];
      return kernelCase(
        `fused ${name}, ${activation}`,
        [...operands, ...added, ...slopes],
        (...tensors: tf.Tensor[]) =>
          op(tensors, {
            activation,
            ...(bias ? { bias: tensors[operands.length]! } : {}),
            ...(activation === 'prelu' ? { preluActivationWeights: tensors.at(-1)! } : {}),
            leakyreluAlpha: 0.25,
          }),
      );
    }),
  );
}

const image = [quarters(2, 5, 6, 2), quarters(3, 2, 2, 4)];

export const fusedKernelCases: KernelCase[] = [
  ...fusedCases('matMul', [quarters(3, 5), quarters(5, 4)], ([a, b], options) =>
    tf.fused.matMul({ a: a!, b: b!, ...options }),
  ),
  ...fusedCases('matMul, transposed', [quarters(2, 5, 3), quarters(2, 4, 5)], ([a, b], options) =>
    tf.fused.matMul({ a: a!, b: b!, transposeA: true, transposeB: true, ...options }),
  ),
  ...fusedCases('conv2d', image, ([x, filter], options) =>
    tf.fused.conv2d({
      x: x as tf.Tensor4D,
      filter: filter as tf.Tensor4D,
      strides: [2, 1],
      pad: 'same',
      ...options,
    }),
  ),
  ...fusedCases(
    'conv2d, channels first',
    [quarters(2, 2, 5, 6), quarters(3, 2, 2, 4)],
    ([x, filter], options) =>
      tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'valid',
        dataFormat: 'NCHW',
        ...options,
      }),
  ),
  ...fusedCases(
    'depthwiseConv2d',
    [quarters(2, 5, 6, 2), quarters(3, 2, 2, 2)],
    ([x, filter], options) =>
      tf.fused.depthwiseConv2d({
        x: x as tf.Tensor4D,
        filter: filter as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        ...options,
      }),
  ),
  kernelCase(
    'fused conv2d, a bias for every cell',
    [...image, quarters(5, 6, 4)],
    (x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor) =>
      tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias }),
  ),
];
