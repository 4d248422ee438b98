import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Linear layers by group: rows of `x` `[n, in]` are sorted by group, `counts` `[groups]` (int32,
 * summing to n) says how many belong to each; row r of group g gives `x[r] · kernels[g] +
 * biases[g]`. `kernels` `[groups, in, out]`, `biases` `[groups, out]`. Gradients reach all three.
 */
export type GroupedLinear = (
  x: Tensor2D,
  kernels: Tensor,
  biases: Tensor,
  counts: Tensor,
) => Tensor2D;
