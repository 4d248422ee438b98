import { expandDims, matMul, mul, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

/** Rows of hidden vectors, the items they are scored against, and the softmax of the scores. */
export interface ScoredRows {
  readonly hidden: Tensor2D;
  readonly items: Tensor2D;
  readonly probabilities: Tensor2D;
}

/**
 * Gradients of `Σ_rows weight · logsumexp(hidden · itemsᵀ)` by `hidden` and by `items`: the
 * softmax is the gradient of its log-normaliser.
 */
export function normaliserGradients(
  { hidden, items, probabilities }: ScoredRows,
  weights: Tensor,
): { ofHidden: Tensor2D; ofItems: Tensor2D } {
  const column = expandDims(weights, 1);
  return {
    ofHidden: mul(matMul(probabilities, items), column),
    ofItems: matMul(probabilities, mul(hidden, column) as Tensor2D, true, false),
  };
}
