import { expandDims, matMul, mul, type Tensor, type Tensor2D, zeros } from '@tensorflow/tfjs-core';

/** Rows of hidden vectors, the items they are scored against, and the softmax of the scores. */
export interface ScoredRows {
  readonly hidden: Tensor2D;
  readonly items: Tensor2D;
  readonly probabilities: Tensor2D;
}

/**
 * Gradients of `Σ_rows weight · logsumexp(hidden · itemsᵀ)` by `hidden` and by `items`: the
 * softmax is the gradient of its log-normaliser.
 *
 * That by `items` comes on its side, `[dimension, items]`: so the small factor of the product is the one that
 * is turned, not the probabilities, which takes two thirds of the time. Blocks are added up like this, and
 * their sum is turned once.
 */
export function normaliserGradients(
  { hidden, items, probabilities }: ScoredRows,
  weights: Tensor,
): { ofHidden: Tensor2D; ofItemsTurned: Tensor2D } {
  const column = expandDims(weights, 1);
  return {
    ofHidden: mul(matMul(probabilities, items), column),
    ofItemsTurned: matMul(mul(hidden, column) as Tensor2D, probabilities, true, false),
  };
}

/** What `ofItemsTurned` of blocks is added to. */
export function zerosTurned(items: Tensor): Tensor2D {
  const [count, dimension] = items.shape as [number, number];
  return zeros([dimension, count]);
}
