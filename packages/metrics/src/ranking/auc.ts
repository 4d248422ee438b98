import { checkRank } from './check-rank.ts';
import { type Ranks, relevantCount } from './ranks.ts';

/**
 * Area under the ROC curve of one case: the share of pairs of a relevant and an irrelevant item
 * that are in the right order, a tied pair counting half if ties were averaged. `itemCount` is the
 * number of ranked items, the relevant ones included and excluded ones not. `NaN` if there is no
 * pair: nothing relevant, or nothing else.
 *
 * The rank sum of Mann and Whitney: with `R` relevant items of `n`, their ranks sum to
 * `R (R + 1) / 2` in the ideal list, and every pair in the wrong order adds 1 (a tie ½).
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `GAUC`, which is the mean of this over cases
 * weighted by their relevant items; scikit-learn, `roc_auc_score`
 * @throws {RangeError} if a rank is not from 1 to `itemCount`, or `itemCount` is not an integer of
 * at least the number of relevant items
 */
export function auc(ranks: Ranks, itemCount: number): number {
  const count = relevantCount(ranks);
  if (!Number.isInteger(itemCount) || itemCount < count) {
    throw new RangeError(
      `itemCount must be an integer of at least the ${count} ranks, got ${itemCount}. ` +
        'Count every ranked item, the relevant ones included.',
    );
  }

  const wrongPairs = rankSum(ranks, itemCount) - (count * (count + 1)) / 2;
  const pairs = count * (itemCount - count);
  return pairs === 0 ? Number.NaN : 1 - wrongPairs / pairs;
}

function rankSum(ranks: Ranks, itemCount: number): number {
  if (typeof ranks === 'number') return checkedRank(ranks, itemCount);
  let sum = 0;
  for (let index = 0; index < ranks.length; index++) sum += checkedRank(ranks[index]!, itemCount);
  return sum;
}

function checkedRank(rank: number, itemCount: number): number {
  checkRank(rank);
  if (rank > itemCount) {
    throw new RangeError(
      `rank must be at most itemCount, ${itemCount}, got ${rank}. ` +
        'AUC needs the place of every relevant item in the whole ranking, not in a cut-off list.',
    );
  }
  return rank;
}
