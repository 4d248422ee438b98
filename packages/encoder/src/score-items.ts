import { lookup } from '@rodpo/ops';
import { mul, sum, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';

/** Scores of one item per row: `hidden` `[n, dimension]` · `items` rows at `indices` `[n]`, `[n]`. */
export function scoreItems(hidden: Tensor, items: Tensor, indices: Tensor): Tensor1D {
  return tidy(() => sum<Tensor1D>(mul(hidden, lookup(items, indices)), -1));
}
