import * as tf from '@tensorflow/tfjs-core';
import { convolutions, described } from './convolution.ts';
import { type KernelCase, kernelCase, type Operand, quarters, runKernel } from './kernel-case.ts';

type Pair = [number, number];

/** Multiples of a quarter make ties. */
export const dilationCases: KernelCase[] = convolutions(11, 30)
  .filter(({ dataFormat, pad }) => dataFormat === 'NHWC' && typeof pad === 'string')
  .flatMap((convolution) => {
    const { inputShape, filterShape, strides, pad, dilations } = convolution;
    const shape = filterShape.slice(0, 3);
    const { outShape } = tf.backend_util.computeDilation2DInfo(
      inputShape as [number, number, number, number],
      shape as [number, number, number],
      strides as Pair,
      pad as 'same',
      'NHWC',
      dilations as Pair,
    );
    const attributes = { strides, pad, dilations };
    const integers = (shape: number[]): Operand => ({ shape, dtype: 'int32' });
    return [
      ...[quarters(...inputShape), integers(inputShape)].map((x) =>
        kernelCase(
          `dilation2d ${described(convolution)}`,
          [x, { ...(x.dtype === 'int32' ? integers(shape) : quarters(...shape)) }],
          (x: tf.Tensor4D, filter: tf.Tensor3D) =>
            tf.dilation2d(x, filter, strides as Pair, pad as 'same', dilations as Pair),
        ),
      ),
      ...['Dilation2DBackpropFilter', 'Dilation2DBackpropInput'].map((kernel) =>
        kernelCase(
          `${kernel} ${described(convolution)}`,
          [quarters(...inputShape), quarters(...shape), quarters(...outShape)],
          (x: tf.Tensor, filter: tf.Tensor, dy: tf.Tensor) =>
            runKernel(kernel, { x, filter, dy }, attributes),
        ),
      ),
    ];
  });
