import { zeros } from '@tensorflow/tfjs-core';
import type { ListScores } from '../negatives/list-scores.ts';

/**
 * The reference that prefers nothing: zeros in the shapes of the policy's scores. Makes any loss of
 * a policy and a reference free of the latter, as if it gave all items the same probability.
 */
export function noReference(policy: ListScores): ListScores {
  return { chosen: zeros(policy.chosen.shape), rejected: zeros(policy.rejected.shape) };
}
