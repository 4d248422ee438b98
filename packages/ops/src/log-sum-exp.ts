import {
  add,
  customGrad,
  div,
  exp,
  expandDims,
  log,
  max,
  maximum,
  mul,
  squeeze,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** The lowest finite float32: what stands for the greatest value where that is −Infinity. */
const lowest = -(2 - 2 ** -23) * 2 ** 127;

/**
 * `log Σ_j exp(x_j)` over the last axis, which it removes.
 *
 * Any finite values give finite results and gradients. `−Infinity` leaves an entry out: its gradient
 * is 0. A row of nothing else is −Infinity, with a gradient of zeros. (That of `tf.logSumExp` is NaN
 * there, and it walks back through the maximum too, to no effect.)
 */
export function logSumExp(x: Tensor): Tensor {
  const run = customGrad((input, save) => {
    const values = input as Tensor;
    const greatest = maximum(max(values, -1, true), lowest);
    const exponentials = exp(sub(values, greatest));
    const total = sum(exponentials, -1, true);
    (save as (tensors: Tensor[]) => void)([exponentials, total]);
    return { value: squeeze(add(greatest, log(total)), [-1]), gradFunc: gradientOf };
  });
  return run(x);
}

/** The softmax, times the gradient by its row's result. */
function gradientOf(gradient: Tensor, [exponentials, total]: Tensor[]): Tensor {
  // The greatest exponential is 1: a total below is that of nothing at all.
  return mul(div(expandDims(gradient, -1), maximum(total!, 1)), exponentials!);
}
