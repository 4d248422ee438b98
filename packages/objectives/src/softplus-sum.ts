import {
  add,
  concat,
  customGrad,
  exp,
  expandDims,
  log,
  max,
  maximum,
  mul,
  slice,
  softmax,
  softplus,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  zeros,
} from '@tensorflow/tfjs-core';

/**
 * `log(1 + Σ_j exp(x_j))` of each row of `[n, J]`: `[n]`. With one column it is softplus.
 *
 * Any finite `x` gives finite values and gradients. `−Infinity` leaves an entry out; a row of
 * nothing else is 0.
 */
export function softplusSum(exponents: Tensor): Tensor1D {
  const fused = customGrad((x, save) => {
    const values = x as Tensor;
    (save as (tensors: Tensor[]) => void)([values]);
    return {
      value: softplus(logSumExp(values)),
      gradFunc: (scale: Tensor, saved: Tensor[]) => mul(expandDims(scale, 1), shares(saved[0]!)),
    };
  });
  return fused(exponents) as Tensor1D;
}

/** As tfjs's own, but −Infinity, not NaN, for a row of −Infinity. */
function logSumExp(values: Tensor): Tensor {
  const highest = maximum(max(values, 1), -Number.MAX_SAFE_INTEGER);
  return add(highest, log(sum(exp(sub(values, expandDims(highest, 1))), 1)));
}

/** `exp(x_j) / (1 + Σ exp(x))`: the softmax with a 0 beside the row, whose share is dropped. */
function shares(values: Tensor): Tensor {
  const [rows, columns] = values.shape as [number, number];
  return slice(softmax(concat([zeros([rows, 1]), values], 1)), [0, 1], [rows, columns]);
}
