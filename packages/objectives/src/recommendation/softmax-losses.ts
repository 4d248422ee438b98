import {
  gatherND,
  log,
  max,
  softmax,
  stack,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
} from '@tensorflow/tfjs-core';

/**
 * `−log softmax(scores)[target]` of each row, `[n]`, and the softmax `[n, itemCount]` itself. Not
 * for differentiation: its callers know the gradient.
 */
export function softmaxLosses(
  scores: Tensor2D,
  targets: Tensor,
): { losses: Tensor1D; probabilities: Tensor2D } {
  const probabilities = softmax(scores);
  // Scores by difference, so that a large offset common to all costs no digits. The largest
  // probability is at least 1 / itemCount, so this never takes the log of a tiny one.
  const behind = sub(max(scores, 1), gatherND(scores, targetIndices(targets)));
  return { losses: sub(behind, log(max(probabilities, 1))), probabilities };
}

/** Where the targets are in `[n, itemCount]`: `[n, 2]`, int32. */
export function targetIndices(targets: Tensor): Tensor2D {
  const rows = tensor1d(Int32Array.from({ length: targets.shape[0]! }, (_, row) => row));
  return stack([rows, targets], 1) as Tensor2D;
}
