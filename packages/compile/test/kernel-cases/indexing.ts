import * as tf from '@tensorflow/tfjs-core';
import { dtypes, float, indices, type KernelCase, kernelCase } from './kernel-case.ts';

/** Shape, shape of the indices, axis, batchDims. */
const gathers: readonly (readonly [number[], number[], number, number])[] = [
  [[5], [3], 0, 0],
  [[5], [], 0, 0],
  [[5, 3], [2, 4], 0, 0],
  [[2, 5, 3], [4], 1, 0],
  [[2, 3, 5], [2, 2], -1, 0],
  [[4, 5], [4, 3], 1, 1],
  [[2, 5, 3], [2, 4], 1, 1],
  [[2, 3, 5], [2, 4], 2, 1],
  [[2, 3, 5], [2, 3, 4], 2, 2],
  [[2, 3, 4, 5], [2, 3, 6], 3, 2],
  [[2, 3, 5, 2], [2, 2, 2], -2, 1],
  [[2, 5], [2], 1, 1],
];

function gatherCases(): KernelCase[] {
  return gathers.flatMap(([shape, at, axis, batchDims]) =>
    dtypes.map((dtype) =>
      kernelCase(
        `gather along ${axis}, batchDims ${batchDims}`,
        [{ shape, dtype }, indices(shape.at(axis)!, ...at)],
        (x: tf.Tensor, where: tf.Tensor1D) => tf.gather(x, where, axis, batchDims),
      ),
    ),
  );
}

function gatherNdCases(): KernelCase[] {
  return (
    [
      [[3], [4, 1]],
      [
        [3, 3],
        [4, 2],
      ],
      [
        [3, 3, 2],
        [2, 5, 2],
      ],
      [[3, 4], [2]],
    ] as const
  ).flatMap(([shape, at]) =>
    dtypes.map((dtype) =>
      kernelCase('gatherND', [{ shape, dtype }, indices(3, ...at)], tf.gatherND),
    ),
  );
}

/** Two indices for six updates and more: some repeat. */
function scatterNdCases(): KernelCase[] {
  return (
    [
      [[6, 1], [6], [3]],
      [
        [6, 1],
        [6, 4],
        [2, 4],
      ],
      [
        [2, 3, 2],
        [2, 3],
        [2, 3],
      ],
      [
        [5, 2],
        [5, 2],
        [3, 2, 2],
      ],
    ] as const
  ).flatMap(([at, updates, shape]) =>
    (['float32', 'int32'] as const).map((dtype) =>
      kernelCase(
        `scatterND into [${shape}]`,
        [indices(2, ...at), { shape: updates, dtype }],
        (where: tf.Tensor, values: tf.Tensor) => tf.scatterND(where, values, [...shape]),
      ),
    ),
  );
}

function oneHotCases(): KernelCase[] {
  return [[], [4], [2, 3], [2, 1, 3]].flatMap((shape) =>
    dtypes.map((dtype) =>
      // Beyond the depth and below zero: those rows are off.
      kernelCase(
        `oneHot of ${dtype}`,
        [{ shape, dtype: 'int32', low: -2, high: 6 }],
        (x: tf.Tensor) =>
          dtype === 'bool' ? tf.oneHot(x, 4, 1, 0, dtype) : tf.oneHot(x, 4, 2, -1, dtype),
      ),
    ),
  );
}

export const indexingCases: KernelCase[] = [
  ...gatherCases(),
  ...gatherNdCases(),
  ...scatterNdCases(),
  ...oneHotCases(),
  kernelCase('oneHot by default', [indices(3, 5)], (x: tf.Tensor) => tf.oneHot(x, 3)),
  ...[[6], [6, 3], [6, 2, 2]].map((shape) =>
    kernelCase(
      'unsortedSegmentSum',
      [float(...shape), indices(3, 6)],
      (x: tf.Tensor, at: tf.Tensor1D) => tf.unsortedSegmentSum(x, at, 4),
    ),
  ),
];
