import { expandDims, mul, sum, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { lookup } from './lookup.ts';

/**
 * Weighted sums of rows: row `i` of the result `[n, width]` is `Σ_j weights[i, j] · table[indices[i, j]]`.
 * The product of a sparse matrix `[n, rows]` and `table` `[rows, width]`, at a cost that does not grow with
 * `rows`. An embedding bag; no gradient reaches `weights`.
 *
 * @param indices `[n, most]` int32
 * @param weights `[n, most]` float32; 0 makes an index a filler, which still has to be one of the table
 * @see `torch.nn.functional.embedding_bag` with `mode='sum'` and `per_sample_weights`
 */
export function embeddingBag(table: Tensor2D, indices: Tensor2D, weights: Tensor2D): Tensor2D {
  return tidy(() => {
    const rows = lookup<Tensor>(table, indices);
    return sum<Tensor2D>(mul(rows, expandDims(weights, 2)), 1);
  });
}
