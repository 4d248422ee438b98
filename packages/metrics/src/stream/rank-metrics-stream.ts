import { defaultNames, keyedMetrics, type RankMetricName } from '../ranking/keyed-metrics.ts';
import type { Ranks } from '../ranking/ranks.ts';
import { type Moments, runningMoments } from './running-moments.ts';

export interface StreamedMetric extends Moments {
  /** Cases without relevant items: they have no value, and are in neither `count` nor `mean`. */
  readonly emptyCount: number;
}

export interface RankMetricsStream {
  /** Adds one case: the rank of its target, or the ranks of its relevant items. */
  readonly add: (ranks: Ranks) => void;
  /** Takes in another stream's cases, as if they had been added here. The other stays as it is. */
  readonly merge: (other: Pick<RankMetricsStream, 'result'>) => void;
  /** By key, `hit@5` say; a plain object, which can be sent to another thread. */
  readonly result: () => Record<string, StreamedMetric>;
}

/**
 * `rankMetrics` for cases that come one by one, in memory that does not grow with them: mean,
 * standard error of the mean and count under each key. Cases without relevant items are counted
 * apart, in `emptyCount`.
 *
 * @throws {RangeError} if a cutoff is not a positive integer or a name is not a metric's; `add` if a
 * rank is below 1; `merge` if the streams do not have the same keys
 */
export function rankMetricsStream(
  cutoffs: readonly number[],
  names: readonly RankMetricName[] = defaultNames,
): RankMetricsStream {
  const entries = keyedMetrics(cutoffs, names).map(({ key, of }) => {
    return { key, of, moments: runningMoments(), emptyCount: 0 };
  });

  return {
    add(ranks) {
      for (const entry of entries) {
        const value = entry.of(ranks);
        if (Number.isNaN(value)) entry.emptyCount++;
        else entry.moments.add(value);
      }
    },
    merge(other) {
      const results = other.result();
      checkKeys(
        entries.map(({ key }) => key),
        Object.keys(results),
      );
      for (const entry of entries) {
        const result = results[entry.key]!;
        entry.moments.merge({ result: () => result });
        entry.emptyCount += result.emptyCount;
      }
    },
    result: () =>
      Object.fromEntries(
        entries.map(({ key, moments, emptyCount }) => [key, { ...moments.result(), emptyCount }]),
      ),
  };
}

function checkKeys(own: readonly string[], other: readonly string[]): void {
  if (own.length === other.length && own.every((key) => other.includes(key))) return;
  throw new RangeError(
    `streams to merge must have the same keys, ${own.join(', ')}, got ${other.join(', ')}. ` +
      'Start both with the same cutoffs and names.',
  );
}
