import { pairedTTest } from '@rodpo/metrics';
import type { BothRanks } from '@rodpo/recipe';
import { gainOver, intervalOver } from '../stages/gain-over.ts';
import type { Contribution } from './comparison.ts';
import { metricOfRanks } from './user-values.ts';

/** What a metric with the history in the ranking gains, in two contributions that sum to it: `[userCount]` each. */
export interface UserContributions {
  /** By items of the history that no longer stand before the target, or now do. */
  readonly history: Float64Array;
  /** By all other items. */
  readonly others: Float64Array;
}

/**
 * A rank is that among all items but the history, plus the items of the history that stand before the target.
 * Both change from one model to another, and a metric is no sum of them: each contributes what its change
 * gains, averaged over which of the two changes first (the Shapley value of two players).
 *
 * @see Shapley, "A Value for n-Person Games", 1953
 */
export function contributionsOf(
  before: BothRanks,
  after: BothRanks,
  metric: string,
): UserContributions {
  const value = (others: BothRanks, history: BothRanks) =>
    metricOfRanks(
      others.masked.map((rank, user) => rank + history.all[user]! - history.masked[user]!),
      metric,
    );
  const old = value(before, before);
  const othersFirst = value(after, before);
  const historyFirst = value(before, after);
  const now = value(after, after);
  const half = (of: (user: number) => number) => old.map((_, user) => of(user) / 2);
  return {
    history: half((user) => now[user]! - othersFirst[user]! + historyFirst[user]! - old[user]!),
    others: half((user) => now[user]! - historyFirst[user]! + othersFirst[user]! - old[user]!),
  };
}

/** A contribution to the gain over a baseline whose figure is `before`; users are independent of one another. */
export function contributionOver(ofUsers: Float64Array, before: number): Contribution {
  const none = new Float64Array(ofUsers.length);
  const { meanDifference, confidenceInterval } = pairedTTest(ofUsers, none);
  return {
    gain: gainOver(before, meanDifference),
    interval: intervalOver(before, confidenceInterval),
  };
}
