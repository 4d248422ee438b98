import {
  cast,
  greater,
  mul,
  onesLike,
  type Scalar,
  sub,
  type Tensor,
  tidy,
  util,
} from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { select } from '../left-out.ts';
import type { BetaOption } from './pair-options.ts';
import { checkPairs, finitePairs, logRatios, type PairScores } from './pair-scores.ts';
import { weightedMean } from './weighted-mean.ts';

/** Names under which TRL logs. */
export type PreferenceMetric =
  | 'rewards/chosen'
  | 'rewards/rejected'
  | 'rewards/accuracies'
  | 'rewards/margins'
  | 'logps/chosen'
  | 'logps/rejected';

export interface PreferenceMetricsOptions extends BetaOption {
  /** Weight of each pair, `[n]`; 0 leaves a pair out; all 0 makes every mean 0. Default: all 1. */
  readonly weights?: Tensor;
}

/**
 * What to watch while preferences are learnt, as means over the pairs: the implicit rewards
 * `β · (policy − reference)` of chosen and rejected, their difference, the share of pairs whose
 * chosen item has the greater reward (a tie is none), and the policy's log-probabilities.
 *
 * Accuracies and margins are the same for unnormalised scores; the others need log-probabilities to
 * mean what their names say. A pair is left out of all means by a weight of 0, or by a rejected score of
 * −Infinity, of policy or reference.
 *
 * @throws {RangeError} if `beta` is not above 0
 * @throws {Error} if the four score tensors, or the weights, differ in shape
 * @see TRL 1.10, `DPOTrainer`, logged metrics
 */
export function preferenceMetrics(
  policy: PairScores,
  reference: PairScores,
  { beta, weights }: PreferenceMetricsOptions,
): Record<PreferenceMetric, Scalar> {
  checkPositive('beta', beta);
  checkPairs(policy, reference);
  if (weights) {
    util.assertShapesMatch(weights.shape, policy.chosen.shape, 'preferenceMetrics: weights:');
  }
  return tidy(() => {
    const { scores, isKept, isSound } = finitePairs([policy, reference] as const);
    const [ours, theirs] = scores;
    const counted = select(isKept, weights ?? onesLike(policy.chosen), 0);
    const meanOf = (values: Tensor) => weightedMean(select(isSound, values, Number.NaN), counted);
    const ratios = logRatios(ours, theirs);
    const [chosen, rejected] = [mul(beta, ratios.chosen), mul(beta, ratios.rejected)];
    return {
      'rewards/chosen': meanOf(chosen),
      'rewards/rejected': meanOf(rejected),
      'rewards/accuracies': meanOf(cast(greater(chosen, rejected), 'float32')),
      'rewards/margins': meanOf(sub(chosen, rejected)),
      'logps/chosen': meanOf(ours.chosen),
      'logps/rejected': meanOf(ours.rejected),
    };
  });
}
