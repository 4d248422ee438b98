import { sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { checkPairs, type PairScores } from './pair-scores.ts';

/**
 * How much more the policy prefers each chosen item than the reference does: `[n]`.
 *
 * @throws {Error} if the four score tensors differ in shape
 */
export function preferenceMargin(policy: PairScores, reference: PairScores): Tensor {
  checkPairs(policy, reference);
  return tidy(() =>
    sub(sub(policy.chosen, policy.rejected), sub(reference.chosen, reference.rejected)),
  );
}
