import { defaultNames, keyedMetrics, type RankMetricName } from './keyed-metrics.ts';
import type { Ranks } from './ranks.ts';

/**
 * Means over cases of ranking metrics at every cutoff, with keys like `hit@5`, `ndcg@5` and
 * `mrr@5`. `cases` has one entry per case, shape `[caseCount]`: the 1-based rank of its target, or
 * the ranks of its relevant items.
 *
 * Without cases every value is `NaN`, not 0: an evaluation of nobody must not look like a bad
 * model. A case without relevant items makes every value `NaN` too: leave such cases out knowingly,
 * or let `rankMetricsStream` count them apart.
 *
 * @throws {RangeError} if a rank is below 1, a cutoff is not a positive integer or a name is not a
 * metric's
 */
export function rankMetrics(
  cases: ArrayLike<Ranks>,
  cutoffs: readonly number[],
  names: readonly RankMetricName[] = defaultNames,
): Record<string, number> {
  const means: Record<string, number> = {};
  for (const { key, of } of keyedMetrics(cutoffs, names)) {
    let sum = 0;
    for (let index = 0; index < cases.length; index++) sum += of(cases[index]!);
    means[key] = sum / cases.length; // 0 / 0 is NaN
  }
  return means;
}
