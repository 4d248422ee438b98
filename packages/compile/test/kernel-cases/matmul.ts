import * as tf from '@tensorflow/tfjs-core';
import { type KernelCase, kernelCase } from './kernel-case.ts';

const batches: readonly (readonly [number[], number[]])[] = [
  [[], []],
  [[2], [2]],
  [
    [2, 3],
    [2, 3],
  ],
  [
    [2, 3],
    [1, 3],
  ],
  [[1], [4]],
  [[], [3]],
  [[2, 3], []],
];

/** Rows, inner extent, columns. */
const extents: readonly (readonly [number, number, number])[] = [
  [2, 3, 4],
  [1, 5, 1],
  [3, 1, 2],
];

const flags = [false, true];

export const matmulCases: KernelCase[] = batches.flatMap(([left, right]) =>
  extents.flatMap(([rows, inner, columns]) =>
    flags.flatMap((transposeA) =>
      flags.flatMap((transposeB) =>
        (['float32', 'int32'] as const).map((dtype) => {
          const a = transposeA ? [inner, rows] : [rows, inner];
          const b = transposeB ? [columns, inner] : [inner, columns];
          return kernelCase(
            `matMul${transposeA ? ' Aᵀ' : ''}${transposeB ? ' Bᵀ' : ''}`,
            [
              { shape: [...left, ...a], dtype },
              { shape: [...right, ...b], dtype },
            ],
            (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, transposeA, transposeB),
          );
        }),
      ),
    ),
  ),
);
