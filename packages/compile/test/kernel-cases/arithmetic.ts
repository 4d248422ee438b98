import * as tf from '@tensorflow/tfjs-core';
import { dtypes, float, type KernelCase, kernelCase, runKernel } from './kernel-case.ts';

/** Signs, edges and numbers of operands that `elementwise.ts` does not come to. */
export const arithmeticCases: KernelCase[] = [
  kernelCase('eluGrad', [float(3, 4), float(3, 4)], (dy: tf.Tensor, y: tf.Tensor) =>
    runKernel('EluGrad', { dy, y }),
  ),
  kernelCase(
    'atan2 on the axes',
    [
      { ...float(8), values: [0, 0, 1, -1, 2, -2, 2, -2] },
      { ...float(8), values: [1, -1, 0, 0, -3, -3, 3, 3] },
    ],
    tf.atan2,
  ),
  kernelCase(
    'atan2 at the origin',
    [
      { ...float(1), values: [0] },
      { ...float(1), values: [0] },
    ],
    tf.atan2,
  ),
  ...(['float32', 'int32'] as const).map((dtype) =>
    kernelCase(
      'mod of both signs, of multiples and by zero',
      [
        { shape: [9], dtype, values: [7, -7, 7, -7, 6, -6, 6, -6, 5] },
        { shape: [9], dtype, values: [3, 3, -3, -3, 3, 3, -3, -3, 0] },
      ],
      tf.mod,
    ),
  ),
  kernelCase(
    'mod of large integers',
    [
      { shape: [3], dtype: 'int32', values: [2147483647, -2147483647, 16777217] },
      { shape: [3], dtype: 'int32', values: [16777217, 16777217, 2] },
    ],
    tf.mod,
  ),
  kernelCase('mod just below zero', [{ ...float(2), values: [-1e-9, -0.25] }], (x: tf.Tensor) =>
    tf.mod(x, 1),
  ),
  ...[[5], [2, 3]].map((shape) =>
    kernelCase(
      'bitwiseAnd',
      [
        { shape, dtype: 'int32', low: -1000, high: 1000 },
        { shape, dtype: 'int32', low: -1000, high: 1000 },
      ],
      tf.bitwiseAnd,
    ),
  ),
  ...dtypes.flatMap((dtype) =>
    [1, 2, 4].map((count) =>
      kernelCase(
        `addN of ${count}`,
        Array.from({ length: count }, () => ({
          shape: [2, 3],
          dtype: dtype === 'bool' ? 'int32' : dtype,
        })),
        (...all: tf.Tensor[]) => tf.addN(all),
      ),
    ),
  ),
];
