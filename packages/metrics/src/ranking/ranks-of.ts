import { requireOneOf } from '@rodpo/errors';
import { checkItem } from '../check-item.ts';
import { relevantScore } from './relevant-score.ts';
import { type RankOptions, type TiePolicy, tiePolicies } from './tie-policy.ts';

/** Place within a tied group of relevant item `index`, 0-based, given the sizes of both halves. */
const placeInGroup: Record<
  TiePolicy,
  (index: number, relevantCount: number, irrelevantCount: number) => number
> = {
  pessimistic: (index, _, irrelevantCount) => irrelevantCount + index + 1,
  optimistic: (index) => index + 1,
  average: (_, relevantCount, irrelevantCount) => (relevantCount + irrelevantCount + 1) / 2,
  id: (index) => index + 1, // indices break every tie, so that a group has one item
};

/**
 * The 1-based ranks of several relevant items in one list, in the order of `relevant`: shape
 * `[relevantCount]`. `scores` has shape `[itemCount]`; `excluded` items are not in the list, and
 * relevant items are never excluded.
 *
 * Relevant items that tie with each other take consecutive places, the lower index first; `average`
 * gives each of them the mean place of the tied group. Another item's `NaN` score counts as higher.
 *
 * Costs O(itemCount · log relevantCount).
 *
 * @throws {RangeError} if a relevant or excluded item is not an index into `scores`, an item is
 * relevant twice, a relevant item's score is `NaN`, or `ties` is none of its words
 */
export function ranksOf(
  scores: ArrayLike<number>,
  relevant: ArrayLike<number>,
  { excluded = [], ties = 'pessimistic' }: RankOptions = {},
): Float64Array {
  requireOneOf('ties', ties, tiePolicies);
  const placed = bestFirst(relevant, scores);
  const { ahead, tied } = countIrrelevant(scores, placed, { excluded, ties });
  const ranks = new Map<number, number>();
  let passed = 0; // irrelevant items so far
  for (let start = 0; start < placed.length; ) {
    const end = ties === 'id' ? start + 1 : groupEnd(placed, start, scores);
    passed += ahead[start]!;
    for (let index = start; index < end; index++) {
      const place = placeInGroup[ties](index - start, end - start, tied[start]!);
      ranks.set(placed[index]!, passed + start + place);
    }
    passed += tied[start]!;
    start = end;
  }
  return Float64Array.from(relevant, (item) => ranks.get(item)!);
}

/** The relevant items by score, then by index. */
function bestFirst(relevant: ArrayLike<number>, scores: ArrayLike<number>): number[] {
  const items = Array.from(relevant);
  for (const item of items) relevantScore('relevant item', item, scores);
  items.sort((a, b) => (scores[a] === scores[b] ? a - b : scores[a]! > scores[b]! ? -1 : 1));
  items.forEach((item, index) => {
    if (index > 0 && item === items[index - 1]) {
      throw new RangeError(`relevant item ${item} is listed twice. List every item once.`);
    }
  });
  return items;
}

/**
 * The irrelevant items by where they fall: `ahead[k]` between relevant items `k - 1` and `k`, and
 * `tied[k]` level with the group of relevant items that starts at `k`.
 */
function countIrrelevant(
  scores: ArrayLike<number>,
  placed: readonly number[],
  { excluded, ties }: Required<RankOptions>,
): { ahead: Int32Array; tied: Int32Array } {
  const ahead = new Int32Array(placed.length + 1);
  const tied = new Int32Array(placed.length);
  const tally = (item: number, by: number): void => {
    const gap = relevantAhead(scores, placed, item, ties === 'id');
    const isTied = ties !== 'id' && gap < placed.length && scores[placed[gap]!] === scores[item];
    if (isTied) tied[gap]! += by;
    else ahead[gap]! += by;
  };

  for (let item = 0; item < scores.length; item++) tally(item, 1);
  for (const item of new Set([...placed, ...excluded])) {
    checkItem('excluded item', item, scores.length);
    tally(item, -1);
  }
  return { ahead, tied };
}

/** How many relevant items come before `item` for certain: by halving, and none if it is `NaN`. */
function relevantAhead(
  scores: ArrayLike<number>,
  placed: readonly number[],
  item: number,
  byIndex: boolean,
): number {
  const score = scores[item]!;
  let [low, high] = [0, placed.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = placed[middle]!;
    const isAhead = scores[other]! > score || (byIndex && scores[other] === score && other < item);
    if (isAhead) low = middle + 1;
    else high = middle;
  }
  return low;
}

function groupEnd(placed: readonly number[], start: number, scores: ArrayLike<number>): number {
  let end = start + 1;
  while (end < placed.length && scores[placed[end]!] === scores[placed[start]!]) end++;
  return end;
}
