import { stopGradient } from '@rodpo/ops';
import {
  add,
  div,
  expandDims,
  gather,
  matMul,
  maximum,
  mul,
  notEqual,
  type Scalar,
  softplus,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import { putAt } from '../moe/values-at.ts';
import type { ItemFeatures } from '../sequence-encoder.ts';

export interface CategoryLossInput {
  /** What is known of each token's item, without its position: `[tokens, width]`. */
  readonly vectors: Tensor2D;
  /** `[tokens]` int32. */
  readonly items: Tensor;
  /** `[tokens]` float32: how much each token counts. */
  readonly weights: Tensor;
}

/**
 * Binary cross-entropy of every category of every token's item, by a linear layer: the weighted
 * mean over tokens, and the mean over categories. Items without categories do not count; 0 if none
 * counts.
 *
 * @param categories multi-hot, `[itemCount, categories]`, or the columns and values of the few of each item
 * @param layer `kernel` `[width, categories]`, `bias` `[categories]`
 */
export function categoryLoss(
  { vectors, items, weights }: CategoryLossInput,
  categories: ItemFeatures,
  layer: { readonly kernel: Tensor; readonly bias: Tensor },
): Scalar {
  return tidy(() => {
    const indices = items as Tensor1D;
    const counted = mul(weights, gather(categories.present, indices));
    // Selected, not multiplied by 0: what does not count may be anything.
    const isCounted = expandDims(
      stopGradient(() => notEqual(counted, 0)),
      1,
    );
    const known = where(isCounted, vectors, 0) as Tensor2D;
    const logits = add(matMul(known, layer.kernel as Tensor2D), layer.bias);
    const count = layer.kernel.shape[1]!;
    const labels = where(isCounted, labelsOf(categories, indices, count), 0);
    // −y · log σ(z) − (1 − y) · log(1 − σ(z)) = softplus(z) − y · z
    const losses = sum(sub(softplus(logits), mul(labels, logits)), 1);
    const terms = mul(maximum(sum(counted), 1e-12), count);
    return div(sum<Scalar>(mul(losses, counted)), terms);
  });
}

/** Of each token's item, `[tokens, count]`: of tokens alone, since the catalogue's would not be few. */
function labelsOf(categories: ItemFeatures, items: Tensor1D, count: number): Tensor2D {
  if ('vectors' in categories) return gather(categories.vectors, items);
  // Fillers may repeat a column: they add 0 to it.
  return putAt(gather(categories.values, items), gather(categories.columns, items), count);
}
