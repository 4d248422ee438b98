import { type CaseMean, caseMean } from '../groups/case-mean.ts';
import {
  checkSameLength,
  leftOut,
  type PreferenceScores,
  rejectedCountOf,
} from './preference-scores.ts';

/** How log-probabilities changed. `mean` and `standardError` are of the change per row. */
export interface Drift extends CaseMean {
  /** Share of the counted rows whose log-probability fell; `NaN` without rows. */
  readonly fellShare: number;
}

/** Log-probabilities of the same preferences by one model; the rejected side is optional. */
export interface DriftScores {
  /** `[rowCount]`. */
  readonly chosen: ArrayLike<number>;
  /** `[rowCount]` or `[rowCount, rejectedCount]`. */
  readonly rejected?: ArrayLike<number>;
}

export interface ChosenDrift {
  readonly chosen: Drift;
  /** With several rejected items, of the mean over those of a row. */
  readonly rejected?: Drift;
}

/**
 * How preference tuning moved the log-probabilities of chosen items, and of rejected ones if
 * both arguments have them.
 *
 * A preference loss looks at the margin only. It can fall while the chosen item becomes less
 * likely, as long as the rejected one falls faster; the probability goes to items in neither
 * role. This is likelihood displacement: a negative `chosen.mean` and a high `chosen.fellShare`
 * beside a growing margin. Pairs whose two sides have similar representations show it most.
 *
 * A rejected log-probability of −∞, of either model, leaves that item out, as in `rewardMetrics`. A row whose
 * change is `NaN`, such as from −∞ to −∞ or of a row without any other rejected item, is counted apart, in
 * `emptyCount`.
 *
 * @see Razin et al., "Unintentional Unalignment: Likelihood Displacement in Direct Preference
 * Optimization", 2024, arXiv 2410.08847
 * @throws {RangeError} if the lengths before and after differ, or only one side has `rejected`
 */
export function chosenDrift(before: DriftScores, after: DriftScores): ChosenDrift {
  checkSameLength('chosen', before.chosen, after.chosen);
  const chosen = drift(Float64Array.from(before.chosen, (own, row) => after.chosen[row]! - own));
  checkSameLength('rejected', before.rejected ?? [], after.rejected ?? []);
  if (!before.rejected || !after.rejected) return { chosen };

  const scores: PreferenceScores = { chosen: before.chosen, rejected: before.rejected };
  const changes = meanChanges(before.rejected, after.rejected, rejectedCountOf(scores));
  return { chosen, rejected: drift(changes) };
}

/** Of each row, over its items that are not left out: `[rowCount]`. */
function meanChanges(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  width: number,
): Float64Array {
  return Float64Array.from({ length: before.length / width }, (_, row) => {
    let [sum, count] = [0, 0];
    for (let place = row * width; place < (row + 1) * width; place++) {
      if (before[place] === leftOut || after[place] === leftOut) continue;
      sum += after[place]! - before[place]!;
      count++;
    }
    return sum / count; // 0 / 0 is NaN
  });
}

function drift(changes: Float64Array): Drift {
  const overall = caseMean(changes);
  const fell = changes.filter((change) => change < 0).length;
  return { ...overall, fellShare: fell / overall.count }; // 0 / 0 is NaN
}
