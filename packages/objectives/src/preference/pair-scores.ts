import { sub, type Tensor, util } from '@tensorflow/tfjs-core';

/** Scores of the two items of each pair, in the same context: `[n]` each. */
export interface PairScores {
  readonly chosen: Tensor;
  readonly rejected: Tensor;
}

/** @throws {Error} if the four score tensors differ in shape */
export function checkPairs(policy: PairScores, reference: PairScores): void {
  for (const scores of [policy.rejected, reference.chosen, reference.rejected]) {
    util.assertShapesMatch(policy.chosen.shape, scores.shape, 'DPO: scores:');
  }
}

/**
 * `policy − reference` of each item: the implicit rewards of DPO but for β, if the scores are
 * log-probabilities.
 *
 * @throws {Error} if the four score tensors differ in shape
 */
export function logRatios(policy: PairScores, reference: PairScores): PairScores {
  checkPairs(policy, reference);
  return {
    chosen: sub(policy.chosen, reference.chosen),
    rejected: sub(policy.rejected, reference.rejected),
  };
}
