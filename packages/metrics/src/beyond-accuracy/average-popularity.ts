import type { CaseLists } from './case-lists.ts';
import { meanOfItems } from './mean-of-items.ts';

/**
 * Each list's mean popularity: shape `[caseCount]`, `NaN` for an empty list. `trainCounts` says
 * how often each item occurs in the training data: shape `[itemCount]`.
 *
 * The mean over cases (`caseMean`) is RecBole's `AveragePopularity` and, over a group of users,
 * the group average popularity that `popularityLift` compares.
 *
 * @see Yin et al., "Challenging the Long Tail Recommendation", arXiv 1205.6700; RecBole,
 * `recbole/evaluator/metrics.py`, class `AveragePopularity`
 * @throws {RangeError} if an item is not an index into `trainCounts`
 */
export function averagePopularity(lists: CaseLists, trainCounts: ArrayLike<number>): Float64Array {
  return meanOfItems(lists, trainCounts);
}
