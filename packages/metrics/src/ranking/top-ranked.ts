import { requirePositiveInteger } from '@rodpo/errors';
import { checkItem } from '../check-item.ts';
import { relevantScore } from './relevant-score.ts';

export interface TopRankedOptions {
  /** Items that are not recommended, a user's history, say. */
  readonly excluded?: Iterable<number>;
}

/**
 * The `count` best-scored items, best first, ties to the lower index; fewer if fewer are left.
 * `scores` has shape `[itemCount]`. Costs O(itemCount · log count) at worst.
 *
 * @throws {RangeError} if `count` is not a positive integer, an excluded item is not an index into
 * `scores`, or the score of an item that is not excluded is `NaN`
 */
export function topRanked(
  scores: ArrayLike<number>,
  count: number,
  { excluded = [] }: TopRankedOptions = {},
): Int32Array {
  requirePositiveInteger('count', count, 'Ask for an item or more.');
  const left = new Set(excluded);
  for (const item of left) checkItem('excluded item', item, scores.length);

  const heap: number[] = []; // the worst item kept is at the root
  for (let item = 0; item < scores.length; item++) {
    const isBeaten = heap.length === count && scores[item]! <= scores[heap[0]!]!;
    if (isBeaten || left.has(item)) continue;
    checkScore(scores, item);
    if (heap.length === count) replaceRoot(heap, item, scores);
    else append(heap, item, scores);
  }
  return Int32Array.from(heap).sort((a, b) => (isWorse(a, b, scores) ? 1 : -1));
}

function checkScore(scores: ArrayLike<number>, item: number): void {
  if (Number.isNaN(scores[item])) relevantScore('item', item, scores);
}

function isWorse(item: number, other: number, scores: ArrayLike<number>): boolean {
  return scores[item] === scores[other] ? item > other : scores[item]! < scores[other]!;
}

function append(heap: number[], item: number, scores: ArrayLike<number>): void {
  let place = heap.length;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!isWorse(item, heap[parent]!, scores)) break;
    heap[place] = heap[parent]!;
    place = parent;
  }
  heap[place] = item;
}

function replaceRoot(heap: number[], item: number, scores: ArrayLike<number>): void {
  let place = 0;
  for (let child = 1; child < heap.length; child = 2 * place + 1) {
    const right = child + 1;
    if (right < heap.length && isWorse(heap[right]!, heap[child]!, scores)) child = right;
    if (!isWorse(heap[child]!, item, scores)) break;
    heap[place] = heap[child]!;
    place = child;
  }
  heap[place] = item;
}
