import { requireOneOf } from '@rodpo/errors';
import { checkItem } from '../check-item.ts';
import { relevantScore } from './relevant-score.ts';
import { type RankOptions, type TiePolicy, tiePolicies } from './tie-policy.ts';

/** How much a tied item with a lower index, and one with a higher index, counts less than 1. */
const relief: Record<TiePolicy, readonly [number, number]> = {
  pessimistic: [0, 0],
  optimistic: [1, 1],
  average: [0.5, 0.5],
  id: [0, 1],
};

/**
 * The 1-based rank of `target` by counting: 1 + the number of other items that come before it.
 * `scores` has shape `[itemCount]`; `excluded` items do not count, and the target is never excluded.
 *
 * Ties are pessimistic unless asked otherwise: the target comes last among its equals. A collapsed
 * model that gives every item the same score gets the worst rank, never a reward. For the same
 * reason another item's `NaN` score counts as higher, whatever the policy.
 *
 * Costs one pass over `scores` and one over `excluded`, another over `scores` where ties are not
 * pessimistic; nothing is sorted.
 *
 * @throws {RangeError} if `target` or an excluded item is not an index into `scores`, the target's score
 * is `NaN`, or `ties` is none of its words
 */
export function rankOfTarget(
  scores: ArrayLike<number>,
  target: number,
  { excluded = [], ties = 'pessimistic' }: RankOptions = {},
): number {
  requireOneOf('ties', ties, tiePolicies);
  const targetScore = relevantScore('target', target, scores);
  const left = new Set(excluded);
  left.delete(target);

  let rank = 0; // the target finds itself below, which makes it 1-based
  for (let item = 0; item < scores.length; item++) if (!(scores[item]! < targetScore)) rank++;
  for (const item of left) {
    checkItem('excluded item', item, scores.length);
    if (!(scores[item]! < targetScore)) rank--;
  }
  if (ties === 'pessimistic') return rank;

  const [ofEarlier, ofLater] = relief[ties];
  for (let item = 0; item < scores.length; item++) {
    if (scores[item] !== targetScore || item === target || left.has(item)) continue;
    rank -= item < target ? ofEarlier : ofLater;
  }
  return rank;
}
