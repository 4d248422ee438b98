import {
  customGrad,
  gather,
  mul,
  reshape,
  scatterND,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * Rows of `table` `[rows, dimension]` at `indices` `[n]` (int32): `[n, dimension]`.
 *
 * As `tf.gather`, but its gradient is one scatter-add: tfjs's own needs a kernel that the wasm
 * backend lacks.
 */
export function lookup(table: Tensor, indices: Tensor): Tensor2D {
  const gathered = customGrad((values, save) => {
    // Saved, because a `tidy` around the call may free the indices before the way back.
    (save as (tensors: Tensor[]) => void)([indices]);
    return {
      value: gather(values as Tensor2D, indices as Tensor1D),
      gradFunc: (gradient: Tensor, saved: Tensor[]) =>
        scatterND(
          reshape(saved[0]!, [-1, 1]),
          gradient as Tensor2D,
          table.shape as [number, number],
        ) as Tensor,
    };
  });
  return gathered(table) as Tensor2D;
}

/** Scores of one item per row: `hidden` `[n, dimension]` · `items` rows at `indices` `[n]`, `[n]`. */
export function scoreItems(hidden: Tensor, items: Tensor, indices: Tensor): Tensor1D {
  return tidy(() => sum<Tensor1D>(mul(hidden, lookup(items, indices)), -1));
}
