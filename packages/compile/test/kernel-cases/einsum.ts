import * as tf from '@tensorflow/tfjs-core';
import { dtypes, type KernelCase, kernelCase } from './kernel-case.ts';

/** An equation and the shapes of its operands. */
const equations: readonly (readonly [string, ...number[][]])[] = [
  ['ij->ji', [2, 3]],
  ['ij->ij', [2, 3]],
  ['ijk->ik', [2, 3, 4]],
  ['ij->', [2, 3]],
  ['i->', [1]],
  ['i,i->', [4], [4]],
  ['i,j->ij', [2], [3]],
  ['i,j->ji', [2], [3]],
  ['ij,ij->ij', [2, 3], [2, 3]],
  ['ij,jk->ik', [2, 3], [3, 4]],
  ['ij, jk -> ki', [2, 3], [3, 4]],
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
  ['bij,jk->bik', [2, 3, 4], [4, 5]],
  ['abc,cde->abde', [2, 1, 3], [3, 2, 4]],
  ['aecd,abcd->acbe', [2, 3, 2, 4], [2, 5, 2, 4]],
  ['acbe,aecd->abcd', [2, 2, 5, 3], [2, 3, 2, 4]],
];

export const einsumCases: KernelCase[] = equations.flatMap(([equation, ...shapes]) =>
  dtypes.map((dtype) =>
    kernelCase(
      `einsum ${equation}`,
      shapes.map((shape) => ({ shape, dtype })),
      (...all: tf.Tensor[]) => tf.einsum(equation, ...all),
    ),
  ),
);
