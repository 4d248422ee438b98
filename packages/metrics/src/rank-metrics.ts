import { checkCutoff } from './check-cutoff.ts';
import { hitAt } from './hit-at.ts';
import { mrrAt } from './mrr-at.ts';
import { ndcgAt } from './ndcg-at.ts';

/**
 * Means over cases of Hit, NDCG and MRR at every cutoff, with keys like
 * `hit@5`, `ndcg@5` and `mrr@5`. `ranks` has one 1-based rank per case: shape
 * `[caseCount]`.
 *
 * Without cases every value is `NaN`, not 0: an evaluation of nobody must not
 * look like a bad model.
 *
 * @throws {RangeError} if a rank is below 1 or a cutoff is not a positive integer
 */
export function rankMetrics(
  ranks: ArrayLike<number>,
  cutoffs: readonly number[],
): Record<string, number> {
  const metrics: Record<string, number> = {};
  for (const cutoff of cutoffs) {
    checkCutoff(cutoff);
    metrics[`hit@${cutoff}`] = meanOver(ranks, (rank) => hitAt(rank, cutoff));
    metrics[`ndcg@${cutoff}`] = meanOver(ranks, (rank) => ndcgAt(rank, cutoff));
    metrics[`mrr@${cutoff}`] = meanOver(ranks, (rank) => mrrAt(rank, cutoff));
  }
  return metrics;
}

function meanOver(ranks: ArrayLike<number>, metric: (rank: number) => number): number {
  let sum = 0;
  for (let index = 0; index < ranks.length; index++) sum += metric(ranks[index]!);
  return sum / ranks.length; // 0 / 0 is NaN
}
