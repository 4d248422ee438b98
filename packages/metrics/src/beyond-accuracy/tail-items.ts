import { totalCount } from '../total-count.ts';

export interface TailItemsOptions {
  /**
   * The least popular `share` of the items, rounded down but at least one; above 0, at most 1.
   * Default 0.1, RecBole's default `tail_ratio`.
   */
  readonly share?: number;
  /** Instead of a share: every item with at most this many interactions. */
  readonly maximumCount?: number;
  /**
   * Whether items without interactions belong to the catalogue that is split. Default false, as
   * in RecBole, which knows the training items only: cold items are then no part of the tail.
   */
  readonly includeUnseen?: boolean;
}

/**
 * Marks the least popular items: 1 for an item of the tail, else 0, shape `[itemCount]`.
 * `trainCounts` says how often each item occurs in the training data. Where a share cuts through
 * items of the same count, those with the lower index are in.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `TailPercentage`
 * @throws {RangeError} if a count is negative or not finite, or an option is out of range
 */
export function tailItems(
  trainCounts: ArrayLike<number>,
  { share = 0.1, maximumCount, includeUnseen = false }: TailItemsOptions = {},
): Uint8Array {
  checkOptions(share, maximumCount);
  totalCount(trainCounts); // for its check
  const candidates: number[] = [];
  for (let item = 0; item < trainCounts.length; item++) {
    if (includeUnseen || trainCounts[item]! > 0) candidates.push(item);
  }

  const isTail = new Uint8Array(trainCounts.length);
  if (maximumCount !== undefined) {
    for (const item of candidates) if (trainCounts[item]! <= maximumCount) isTail[item] = 1;
  } else {
    candidates.sort((a, b) => trainCounts[a]! - trainCounts[b]! || a - b);
    const tailCount = Math.max(Math.floor(candidates.length * share), 1);
    for (const item of candidates.slice(0, tailCount)) isTail[item] = 1;
  }
  return isTail;
}

function checkOptions(share: number, maximumCount?: number): void {
  if (!(share > 0 && share <= 1)) {
    throw new RangeError(
      `share must be above 0 and at most 1, got ${share}. Pass maximumCount to split by a count.`,
    );
  }
  if (maximumCount !== undefined && !(maximumCount >= 0)) {
    throw new RangeError(
      `maximumCount must be at least 0, got ${maximumCount}. Pass a number of interactions.`,
    );
  }
}
