import { logSumExp } from '@rodpo/ops';
import { softplus, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';

/**
 * `log(1 + Σ_j exp(x_j))` of each row of `[n, J]`: `[n]`. With one column it is softplus.
 *
 * Any finite `x` gives finite values and gradients. `−Infinity` leaves an entry out; a row of
 * nothing else is 0.
 */
export function softplusSum(exponents: Tensor): Tensor1D {
  return tidy(() => softplus(logSumExp(exponents) as Tensor1D));
}
