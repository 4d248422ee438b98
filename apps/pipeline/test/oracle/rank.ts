/** Full ranking of one case, in plain loops. */

import { encodeSequence, type Plain, type Sizes } from './encode-sequence.ts';
import { allScores } from './scores.ts';
import type { Case } from './sequences.ts';

export interface RankOptions {
  readonly sizes: Sizes;
  readonly maxLength: number;
  readonly maskHistory: boolean;
}

/** Its place among all items by score; equals stand before it. */
export function rankOf(
  weights: Plain,
  { history, target }: Case,
  { sizes, maxLength, maskHistory }: RankOptions,
): number {
  const read = history.slice(Math.max(0, history.length - maxLength));
  const scores = allScores(encodeSequence(weights, sizes, read).at(-1)!, weights);
  let rank = 1;
  for (const [item, score] of scores.entries()) {
    if (item === target) continue;
    if (maskHistory && history.includes(item)) continue;
    if (score >= scores[target]!) rank++;
  }
  return rank;
}

/** Mean over the cases. */
export function ndcg(ranks: readonly number[], cutoff: number): number {
  const gains = ranks.map((rank) => (rank <= cutoff ? 1 / Math.log2(rank + 1) : 0));
  return gains.reduce((sum, gain) => sum + gain, 0) / ranks.length;
}

/** Mean over the cases. */
export function mrr(ranks: readonly number[], cutoff: number): number {
  const gains = ranks.map((rank) => (rank <= cutoff ? 1 / rank : 0));
  return gains.reduce((sum, gain) => sum + gain, 0) / ranks.length;
}
