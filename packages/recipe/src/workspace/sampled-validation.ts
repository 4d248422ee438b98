import type { RankingCase, ReadonlyList } from '@rodpo/data';
import { rankMetrics } from '@rodpo/metrics';
import { deriveSeed, permutation, seededRandom } from '@rodpo/random';
import { createRanker, type RankerParts, type ValidationRanker } from './ranker.ts';

export interface SampledValidationOptions {
  /** Cases that are ranked: as many users, where one item is held out of each. */
  readonly count: number;
  /** Decides which. */
  readonly seed: number;
}

/**
 * Ranks a sample of the validation cases, the same ones each time, each among all items. Beside the means
 * stands `ndcg@10 error`: the standard error of that mean as an estimate of the mean over all cases.
 */
export function sampledValidation(
  parts: RankerParts,
  { count, seed }: SampledValidationOptions,
): ValidationRanker {
  const all = parts.split.validation;
  const sample = sampleOf(all, Math.min(count, all.length), seed);
  const { validation } = createRanker({ ...parts, split: { validation: sample, test: [] } });
  return {
    ...validation,
    metrics: async (weights) => {
      const ranks = await validation.ranks(weights);
      const error = standardError(Float64Array.from(ranks, ndcgAt10), all.length);
      return { ...rankMetrics(ranks, parts.cutoffs), 'ndcg@10 error': error };
    },
  };
}

function sampleOf(
  cases: ReadonlyList<RankingCase>,
  count: number,
  seed: number,
): readonly RankingCase[] {
  const order = permutation(cases.length, seededRandom(deriveSeed(seed, 'validation sample')));
  return Array.from(order.subarray(0, count).sort(), (index) => cases.at(index)!);
}

/** Of one relevant item. */
function ndcgAt10(rank: number): number {
  return rank <= 10 ? 1 / Math.log2(1 + rank) : 0;
}

/** Of the mean of values drawn without putting back, from a population of that size; NaN of one alone. */
function standardError(values: Float64Array, population: number): number {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt((squares / (count - 1) / count) * (1 - count / population));
}
