import { defaultNames, keyedMetrics, type RankMetricName } from './keyed-metrics.ts';
import type { Ranks } from './ranks.ts';

/**
 * What `rankMetrics` averages: under each key one value per case, in the order of `cases`, shape
 * `[caseCount]`. Significance tests and intervals start from these. A case without relevant items
 * gives `NaN`.
 *
 * @throws {RangeError} if a rank is below 1, a cutoff is not a positive integer or a name is not a
 * metric's
 */
export function rankMetricsPerCase(
  cases: ArrayLike<Ranks>,
  cutoffs: readonly number[],
  names: readonly RankMetricName[] = defaultNames,
): Record<string, Float64Array> {
  const values: Record<string, Float64Array> = {};
  for (const { key, of } of keyedMetrics(cutoffs, names)) {
    values[key] = Float64Array.from(cases, (ranks) => of(ranks));
  }
  return values;
}
