import { checkItem } from '../check-item.ts';
import { relevantScore } from './relevant-score.ts';
import type { RankOptions, TiePolicy } from './tie-policy.ts';

/** How far a tied item with a lower index, and one with a higher index, pushes the target down. */
const pushOfTied: Record<TiePolicy, readonly [number, number]> = {
  pessimistic: [1, 1],
  optimistic: [0, 0],
  average: [0.5, 0.5],
  id: [1, 0],
};

/**
 * The 1-based rank of `target` by counting: 1 + the number of other items that come before it.
 * `scores` has shape `[itemCount]`; `excluded` items do not count, and the target is never excluded.
 *
 * Ties are pessimistic unless asked otherwise: the target comes last among its equals. A collapsed
 * model that gives every item the same score gets the worst rank, never a reward. For the same
 * reason another item's `NaN` score counts as higher, whatever the policy.
 *
 * Costs one pass over `scores` and one over `excluded`; nothing is sorted.
 *
 * @throws {RangeError} if `target` or an excluded item is not an index into
 * `scores`, or the target's score is `NaN`
 */
export function rankOfTarget(
  scores: ArrayLike<number>,
  target: number,
  { excluded = [], ties = 'pessimistic' }: RankOptions = {},
): number {
  const targetScore = relevantScore('target', target, scores);
  const [pushOfEarlier, pushOfLater] = pushOfTied[ties];
  const push = (item: number): number => {
    if (scores[item]! < targetScore || item === target) return 0;
    if (scores[item] !== targetScore) return 1; // higher, or NaN
    return item < target ? pushOfEarlier : pushOfLater;
  };

  let rank = 1;
  for (let item = 0; item < scores.length; item++) rank += push(item);
  for (const item of new Set(excluded)) {
    checkItem('excluded item', item, scores.length);
    rank -= push(item);
  }
  return rank;
}
