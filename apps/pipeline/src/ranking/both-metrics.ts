import { rankMetrics } from '@rodpo/metrics';
import type { BothRanks } from '@rodpo/recipe';

/** Metrics with the user's history left out of the ranking are called so, before their name. */
export const maskedPrefix = 'masked ';

/** Means of ranking metrics, such as `ndcg@5` among all items and `masked ndcg@5`. */
export function bothMetrics(
  { all, masked }: BothRanks,
  cutoffs: readonly number[],
): Record<string, number> {
  const named = Object.entries(rankMetrics(masked, cutoffs)).map(
    ([name, value]) => [maskedPrefix + name, value] as const,
  );
  return { ...rankMetrics(all, cutoffs), ...Object.fromEntries(named) };
}
