import {
  matMul,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';

/** Sum over the rows of `values` `[n, columns]` where `mask` `[n]` is 1: `[columns]`. */
export function maskedSum(values: Tensor2D, mask: Tensor): Tensor1D {
  return tidy(() => reshape(matMul(reshape(mask, [1, -1]) as Tensor2D, values), [-1]));
}
