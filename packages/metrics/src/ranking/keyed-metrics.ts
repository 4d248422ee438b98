import { averagePrecisionAt } from './average-precision-at.ts';
import { checkCutoff } from './check-cutoff.ts';
import { hitAt } from './hit-at.ts';
import { mrrAt } from './mrr-at.ts';
import { ndcgAt } from './ndcg-at.ts';
import { precisionAt } from './precision-at.ts';
import type { Ranks } from './ranks.ts';
import { recallAt } from './recall-at.ts';

/** A ranking metric in keys such as `ndcg@10`; `map` is the mean of `averagePrecisionAt`. */
export type RankMetricName = 'hit' | 'recall' | 'precision' | 'ndcg' | 'mrr' | 'map';

const metricsByName: Record<RankMetricName, (ranks: Ranks, cutoff: number) => number> = {
  hit: hitAt,
  recall: recallAt,
  precision: precisionAt,
  ndcg: ndcgAt,
  mrr: mrrAt,
  map: averagePrecisionAt,
};

/** What is computed where no names are given. */
export const defaultNames: readonly RankMetricName[] = ['hit', 'ndcg', 'mrr'];

interface KeyedMetric {
  readonly key: string;
  readonly of: (ranks: Ranks) => number;
}

/**
 * Every metric at every cutoff with its key.
 *
 * @throws {RangeError} if a cutoff is not a positive integer or a name is not a metric's
 */
export function keyedMetrics(
  cutoffs: readonly number[],
  names: readonly RankMetricName[],
): KeyedMetric[] {
  for (const cutoff of cutoffs) checkCutoff(cutoff);
  for (const name of names) {
    if (Object.hasOwn(metricsByName, name)) continue;
    const known = Object.keys(metricsByName).join(', ');
    throw new RangeError(`names must be metrics, got ${name}. Choose from ${known}.`);
  }
  return [...new Set(cutoffs)].flatMap((cutoff) =>
    [...new Set(names)].map((name) => {
      const metric = metricsByName[name];
      return { key: `${name}@${cutoff}`, of: (ranks: Ranks) => metric(ranks, cutoff) };
    }),
  );
}
