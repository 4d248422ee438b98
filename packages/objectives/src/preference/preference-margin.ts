import { sub, type Tensor } from '@tensorflow/tfjs-core';
import { checkPairs, type PairScores, perPair } from './pair-scores.ts';

/**
 * How much more the policy prefers each chosen item than the reference does: `[n]`.
 *
 * @throws {Error} if the four score tensors differ in shape
 */
export function preferenceMargin(policy: PairScores, reference: PairScores): Tensor {
  checkPairs(policy, reference);
  return perPair([policy, reference], marginOf);
}

/** The margin of pairs that are known to be finite. */
export function marginOf(policy: PairScores, reference: PairScores): Tensor {
  return sub(sub(policy.chosen, policy.rejected), sub(reference.chosen, reference.rejected));
}
