import { cast, greater, mul, type Scalar, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import type { BetaOption } from './pair-options.ts';
import { logRatios, type PairScores } from './pair-scores.ts';
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
  /** Weight of each pair, `[n]`; 0 leaves a pair out. Not all 0. Default: all 1. */
  readonly weights?: Tensor;
}

/**
 * What to watch while preferences are learnt, as means over the pairs: the implicit rewards
 * `β · (policy − reference)` of chosen and rejected, their difference, the share of pairs whose
 * chosen item has the greater reward (a tie is none), and the policy's log-probabilities.
 *
 * Accuracies and margins are the same for unnormalised scores; the others need log-probabilities to
 * mean what their names say.
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
  return tidy(() => {
    const ratios = logRatios(policy, reference);
    const [chosen, rejected] = [mul(beta, ratios.chosen), mul(beta, ratios.rejected)];
    return {
      'rewards/chosen': weightedMean(chosen, weights),
      'rewards/rejected': weightedMean(rejected, weights),
      'rewards/accuracies': weightedMean(cast(greater(chosen, rejected), 'float32'), weights),
      'rewards/margins': weightedMean(sub(chosen, rejected), weights),
      'logps/chosen': weightedMean(policy.chosen, weights),
      'logps/rejected': weightedMean(policy.rejected, weights),
    };
  });
}
