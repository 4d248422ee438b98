import { stopGradient } from '@rodpo/ops';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * A reference's scores as constants to gradients, even if they are the very tensors that the policy's
 * gradient is taken by.
 */
export function frozenScores<Chosen extends Tensor, Rejected extends Tensor>(scores: {
  readonly chosen: Chosen;
  readonly rejected: Rejected;
}): { readonly chosen: Chosen; readonly rejected: Rejected } {
  return {
    chosen: stopGradient(() => scores.chosen),
    rejected: stopGradient(() => scores.rejected),
  };
}
