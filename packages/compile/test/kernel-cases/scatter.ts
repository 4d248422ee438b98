import type { DType } from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';
import { dtypes, indices, type KernelCase, kernelCase, type Operand } from './kernel-case.ts';

const places =
  (...shape: number[]) =>
  (values: number[]): Operand => ({ shape, dtype: 'int32', values });

/** Shape of the table, places, shape of what is written there. */
const writes: readonly (readonly [number[], Operand, number[]])[] = [
  [[6], places(3, 1)([4, 0, 2]), [3]],
  [[4, 3], places(2, 1)([3, 1]), [2, 3]],
  [[4, 3], places(3, 2)([3, 1, 0, 0, 2, 2]), [3]],
  [[2, 3, 2], places(2, 1, 2)([1, 0, 0, 2]), [2, 1, 2]],
  [[4], places(3, 1)([1, 1, 2]), [3]],
];

function writeCases(): KernelCase[] {
  return writes.flatMap(([shape, at, form]) =>
    dtypes.map((dtype) =>
      kernelCase(
        'tensorScatterUpdate',
        [{ shape, dtype }, at, { shape: form, dtype }],
        // A copy, since the cpu backend writes into the tensor itself.
        (x: tf.Tensor, at: tf.Tensor, updates: tf.Tensor) =>
          tf.tensorScatterUpdate(tf.reverse(tf.reverse(x, 0), 0), at, updates),
      ),
    ),
  );
}

/** Places, shape of the values, shape of the result. */
const sparse: readonly (readonly [Operand, number[], [number, ...number[]]])[] = [
  [places(3)([4, 0, 2]), [3], [6]],
  [places(3)([4, 0, 2]), [], [6]],
  [places()([3]), [], [5]],
  [places(3, 2)([3, 1, 0, 0, 2, 2]), [3], [4, 3]],
  [places(2, 3)([0, 1, 1, 1, 0, 0]), [], [2, 2, 2]],
];

function sparseCases(): KernelCase[] {
  return sparse.flatMap(([at, shape, outputShape]) =>
    dtypes.map((dtype) =>
      kernelCase(
        'sparseToDense',
        [at, { shape, dtype }, { shape: [], dtype }],
        (at: tf.Tensor, values: tf.Tensor, rest: tf.Scalar) =>
          tf.sparseToDense(at, values, outputShape as never, rest),
      ),
    ),
  );
}

function bincountCases(): KernelCase[] {
  const weightTypes: readonly DType[] = ['float32', 'int32'];
  return [[7], [1], [3, 5], [4, 1]].flatMap((shape) =>
    weightTypes.flatMap((dtype) =>
      [shape, [0]].flatMap((form) =>
        [false, true].map((isBinary) =>
          kernelCase(
            `denseBincount${isBinary ? ' binary' : ''}`,
            // Some values are beyond the size.
            [indices(6, ...shape), { shape: form, dtype }],
            (x: tf.Tensor1D, weights: tf.Tensor1D) =>
              tf.denseBincount(x, form === shape ? weights : tf.tensor1d([], dtype), 4, isBinary),
          ),
        ),
      ),
    ),
  );
}

function searchCases(): KernelCase[] {
  const sorted = [-3, -1, -1, 0, 2, 2, 2, 3];
  return (['float32', 'int32'] as const).flatMap((dtype) =>
    (['left', 'right'] as const).flatMap((side) => [
      kernelCase(
        `searchSorted ${side}`,
        [
          { shape: [8], dtype, values: sorted },
          { shape: [12], dtype },
        ],
        (sequence: tf.Tensor, values: tf.Tensor) => tf.searchSorted(sequence, values, side),
      ),
      kernelCase(
        `searchSorted ${side}`,
        [
          { shape: [2, 4], dtype, values: sorted },
          { shape: [2, 5], dtype },
        ],
        (sequence: tf.Tensor, values: tf.Tensor) => tf.searchSorted(sequence, values, side),
      ),
    ]),
  );
}

export const scatterCases: KernelCase[] = [
  ...writeCases(),
  ...sparseCases(),
  ...bincountCases(),
  ...searchCases(),
  kernelCase(
    'bincount',
    [indices(6, 9), { shape: [9], dtype: 'float32' }],
    (x: tf.Tensor1D, weights: tf.Tensor1D) => tf.bincount(x, weights, 5),
  ),
  kernelCase(
    'lowerBound, upperBound',
    [
      { shape: [1, 3], dtype: 'float32', values: [0, 1, 2] },
      { shape: [1, 4], dtype: 'float32' },
    ],
    (sequence: tf.Tensor, values: tf.Tensor) => [
      tf.lowerBound(sequence, values),
      tf.upperBound(sequence, values),
    ],
  ),
];
