import {
  checkSameLength,
  leftOut,
  type PreferenceScores,
  rejectedCountOf,
} from './preference-scores.ts';

export interface RewardModels {
  readonly policy: PreferenceScores;
  readonly reference: PreferenceScores;
}

export interface RewardOptions {
  /** The temperature of the preference loss, above 0: `reward = beta · (policy − reference)`. */
  readonly beta: number;
}

/** Means over rows, under the names that TRL logs. All are `NaN` without rows. */
export interface RewardMetrics {
  readonly 'rewards/chosen': number;
  readonly 'rewards/rejected': number;
  readonly 'rewards/accuracies': number;
  readonly 'rewards/margins': number;
  readonly 'logps/chosen': number;
  readonly 'logps/rejected': number;
}

/**
 * The implicit rewards of a preference-tuned policy, as TRL logs them. A reward is
 * `beta · (log-probability under the policy − under the reference)`.
 *
 * A row is accurate if its chosen reward is strictly above the rejected one: a tie is wrong, so
 * a policy equal to its reference has accuracy 0. With several rejected items per row the chosen
 * must beat them all, as in S-DPO's code, and `rewards/rejected`, `rewards/margins` and
 * `logps/rejected` are means over them (S-DPO logs one of each per rejected item; these are the
 * means of those).
 *
 * A rejected log-probability of −∞, of either model, leaves that item out, and a row without any other is
 * in no mean: as `preferenceMetrics` of `@rodpo/objectives` has it.
 *
 * @see TRL 1.10, `trl/trainer/dpo_trainer.py`; S-DPO (arXiv 2406.09215),
 * `trainer/softmax_dpo_trainer.py`, `get_batch_metrics`
 * @throws {RangeError} if lengths do not fit, or `beta` is not above 0
 */
export function rewardMetrics(
  { policy, reference }: RewardModels,
  { beta }: RewardOptions,
): RewardMetrics {
  if (!(beta > 0 && beta < Infinity)) {
    throw new RangeError(`beta must be above 0, got ${beta}. Pass the beta of the loss.`);
  }
  checkSameLength('chosen', policy.chosen, reference.chosen);
  checkSameLength('rejected', policy.rejected, reference.rejected);
  const rejectedCount = rejectedCountOf(policy);
  const rows = Array.from(policy.chosen, (_, row): RewardRow => {
    const places = Array.from(
      { length: rejectedCount },
      (_, column) => row * rejectedCount + column,
    );
    const kept = places.filter(
      (place) => policy.rejected[place] !== leftOut && reference.rejected[place] !== leftOut,
    );
    const rejected = kept.map((at) => beta * (policy.rejected[at]! - reference.rejected[at]!));
    return {
      chosen: beta * (policy.chosen[row]! - reference.chosen[row]!),
      rejected,
      logps: { chosen: policy.chosen[row]!, rejected: kept.map((at) => policy.rejected[at]!) },
    };
  }).filter(({ rejected }) => rejected.length > 0);

  const meanOf = (figure: (row: RewardRow) => number) => mean(rows.map(figure));
  const meanChosen = meanOf(({ chosen }) => chosen);
  const meanRejected = meanOf(({ rejected }) => mean(rejected));
  return {
    'rewards/chosen': meanChosen,
    'rewards/rejected': meanRejected,
    'rewards/accuracies': meanOf(({ chosen, rejected }) =>
      rejected.every((other) => chosen > other) ? 1 : 0,
    ),
    'rewards/margins': meanChosen - meanRejected,
    'logps/chosen': meanOf(({ logps }) => logps.chosen),
    'logps/rejected': meanOf(({ logps }) => mean(logps.rejected)),
  };
}

/** What counts of one row. */
interface RewardRow {
  readonly chosen: number;
  readonly rejected: readonly number[];
  readonly logps: { readonly chosen: number; readonly rejected: readonly number[] };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length; // 0 / 0 is NaN
}
