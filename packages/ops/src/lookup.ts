import {
  customGrad,
  gather,
  reshape,
  scatterND,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/**
 * Rows of `table` `[rows, …]` at `indices` (int32) of any rank: `[...indices.shape, …]`. An embedding.
 *
 * As `tf.gather`, but its gradient is one scatter-add, which adds up over repeated indices. That of
 * `tf.gather` looks for every row among all indices: hundreds of times slower on the cpu backend,
 * and the wasm backend lacks a kernel of it.
 */
export function lookup<Rows extends Tensor = Tensor2D>(table: Tensor, indices: Tensor): Rows {
  const [rows, ...row] = table.shape as [number, ...number[]];
  const gathered = customGrad((values, save) => {
    // Saved, because a `tidy` around the call may free the indices before the way back.
    (save as (tensors: Tensor[]) => void)([indices]);
    return {
      value: gather(values as Tensor, indices as Tensor1D),
      gradFunc: (gradient: Tensor, saved: Tensor[]) =>
        scatterND(
          reshape(saved[0]!, [indices.size, 1]),
          reshape(gradient, [indices.size, ...row]),
          [rows, ...row] as [number, number],
        ) as Tensor,
    };
  });
  return gathered(table) as Rows;
}
