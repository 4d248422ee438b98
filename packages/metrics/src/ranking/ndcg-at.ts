import { ascendingRanks } from './ascending-ranks.ts';
import { checkCutoff } from './check-cutoff.ts';
import { checkRank } from './check-rank.ts';
import { bestFirst, byPlace, type GainForm, itemWorths } from './graded-gains.ts';
import type { Ranks } from './ranks.ts';

export interface NdcgOptions {
  /**
   * How relevant each item is, at least 0, in the order of the ranks: shape `[relevantCount]`.
   * Without gains every item counts 1.
   */
  readonly gains?: ArrayLike<number>;
  /** What a gain adds: itself, or `2^gain - 1`, which parts the best grades from the good ones. */
  readonly gain?: GainForm;
  /** Weight of a place. The ideal list is best only if no later place weighs more. */
  readonly discount?: (rank: number) => number;
}

/**
 * NDCG@cutoff of one case: the discounted gains of its relevant items among the first `cutoff`,
 * divided by those of the ideal list, which has all the case's items, best first. `NaN` for a case
 * without relevant items, or whose gains are all 0.
 *
 * With one target that is `1 / log2(rank + 1)` within the cutoff: the ideal is 1.
 *
 * @see Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques", ACM TOIS 2002;
 * RecBole, `recbole/evaluator/metrics.py`, class `NDCG` (no gains); scikit-learn, `ndcg_score`
 * (linear gains); Burges et al., "Learning to Rank using Gradient Descent", ICML 2005 (exponential)
 * @throws {RangeError} if a rank is below 1, `cutoff` is not a positive integer, `gains` does not have one
 * finite number of at least 0 (at most 1,000, if exponential) per rank, or `gain` is none of its words
 */
export function ndcgAt(ranks: Ranks, cutoff: number, options: NdcgOptions = {}): number {
  checkCutoff(cutoff);
  const { gains, discount = logDiscount } = options;
  if (gains) return gradedNdcg(typeof ranks === 'number' ? [ranks] : ranks, cutoff, options);
  if (typeof ranks !== 'number') return binaryNdcg(ranks, cutoff, discount);
  checkRank(ranks);
  return ranks <= cutoff ? discount(ranks) / discount(1) : 0;
}

function logDiscount(rank: number): number {
  return 1 / Math.log2(rank + 1);
}

function binaryNdcg(
  ranks: ArrayLike<number>,
  cutoff: number,
  discount: (rank: number) => number,
): number {
  const placed = ascendingRanks(ranks);
  let [gained, ideal] = [0, 0];
  for (let index = 0; index < Math.min(placed.length, cutoff); index++) {
    if (placed[index]! <= cutoff) gained += discount(placed[index]!);
    ideal += discount(index + 1);
  }
  return gained / ideal; // 0 / 0 is NaN
}

function gradedNdcg(ranks: ArrayLike<number>, cutoff: number, options: NdcgOptions): number {
  const { gains = [], gain = 'linear', discount = logDiscount } = options;
  const worths = itemWorths(gains, ranks.length, gain);
  const order = byPlace(ranks, worths);
  const ideals = bestFirst(worths);

  let [gained, ideal] = [0, 0];
  for (let index = 0; index < Math.min(order.length, cutoff); index++) {
    const rank = ranks[order[index]!]!;
    if (rank <= cutoff) gained += worths[order[index]!]! * discount(rank);
    ideal += ideals[index]! * discount(index + 1);
  }
  return gained / ideal; // 0 / 0 is NaN
}
