import { totalCount } from '../total-count.ts';

export interface ItemPopularityGroupsOptions {
  /** An item with fewer training interactions than this is cold. Default 1: never seen. */
  readonly coldBelow?: number;
  /**
   * The head is the most popular items that together carry this share of all training
   * interactions; above 0, at most 1. Default 0.8, often some 20 % of the items.
   */
  readonly headShare?: number;
}

/**
 * Groups items by popularity: 0 cold, 1 tail, 2 head, shape `[itemCount]`. `trainCounts` says how
 * often each item occurs in the training data.
 *
 * The head takes items from the most popular down until it carries `headShare` of the
 * interactions, and with its last item all others of the same count, so that no tie is cut by
 * item number. Cold goes before head. To group cases by their target:
 * `Int32Array.from(targets, (item) => itemGroups[item]!)`.
 *
 * @throws {RangeError} if a count is negative or not finite, or an option is out of range
 */
export function itemPopularityGroups(
  trainCounts: ArrayLike<number>,
  { coldBelow = 1, headShare = 0.8 }: ItemPopularityGroupsOptions = {},
): Int32Array {
  if (!(coldBelow >= 0)) {
    throw new RangeError(
      `coldBelow must be at least 0, got ${coldBelow}. Pass a number of interactions.`,
    );
  }
  if (!(headShare > 0 && headShare <= 1)) {
    throw new RangeError(
      `headShare must be above 0 and at most 1, got ${headShare}. Pass a share of interactions.`,
    );
  }
  const smallestHead = smallestHeadCount(trainCounts, headShare);
  return Int32Array.from(trainCounts, (count) =>
    count < coldBelow ? 0 : count < smallestHead ? 1 : 2,
  );
}

/** The count of the last item that the head needs. */
function smallestHeadCount(trainCounts: ArrayLike<number>, headShare: number): number {
  const total = totalCount(trainCounts);
  const ascending = Float64Array.from(trainCounts).sort();
  let carried = 0;
  for (let index = ascending.length - 1; index >= 0; index--) {
    carried += ascending[index]!;
    // Not compared with a product, which may lie above the whole number that it stands for.
    if (carried / total >= headShare) return ascending[index]!;
  }
  return 0;
}
