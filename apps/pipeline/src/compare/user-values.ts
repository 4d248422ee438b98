import { type RankMetricName, rankMetricsPerCase } from '@rodpo/metrics';
import type { BothRanks } from '@rodpo/recipe';
import { maskedPrefix } from '../ranking/both-metrics.ts';

/** A metric such as `ndcg@5` or `masked ndcg@5` of every user, from the ranks of each user's target: `[userCount]`. */
export function userValues({ all, masked }: BothRanks, metric: string): Float64Array {
  const isMasked = metric.startsWith(maskedPrefix);
  return isMasked
    ? metricOfRanks(masked, metric.slice(maskedPrefix.length))
    : metricOfRanks(all, metric);
}

/** A metric such as `ndcg@5` of every rank: `[userCount]`. */
export function metricOfRanks(ranks: Float32Array, metric: string): Float64Array {
  const [name, cutoff] = metric.split('@') as [RankMetricName, string];
  return rankMetricsPerCase(ranks, [Number(cutoff)], [name])[metric]!;
}

/** Mean of each user's values over seeds: `[userCount]` from one such array per seed. */
export function overRuns(values: readonly Float64Array[]): Float64Array {
  const [first] = values;
  return first!.map((_, user) => mean(values.map((run) => run[user]!)));
}

export function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
