import type { CaseLists } from './case-lists.ts';
import { meanOfItems } from './mean-of-items.ts';

/**
 * The share of each list that belongs to the tail: shape `[caseCount]`, `NaN` for an empty list.
 * `isTail` is 1 for an item of the tail, else 0: shape `[itemCount]`, such as from `tailItems`.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `TailPercentage`
 * @throws {RangeError} if an item is not an index into `isTail`
 */
export function tailShare(lists: CaseLists, isTail: ArrayLike<number>): Float64Array {
  return meanOfItems(lists, isTail);
}
