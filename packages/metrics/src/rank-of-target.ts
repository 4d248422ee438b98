/**
 * The 1-based rank of `target` by counting: 1 + the number of other items that
 * score at least as high. `scores` has shape `[itemCount]`; items in `excluded`
 * (a user's history, say) do not count, repeats in it are counted once, and the
 * target is never excluded.
 *
 * Ties are pessimistic: the target comes last among its equals. A collapsed
 * model that gives every item the same score gets the worst rank, never a
 * reward. For the same reason another item's `NaN` score counts as higher.
 *
 * Costs one pass over `scores` and one over `excluded`; nothing is sorted.
 *
 * @throws {RangeError} if `target` or an excluded item is not an index into
 * `scores`, or the target's score is `NaN`
 */
export function rankOfTarget(
  scores: Float32Array,
  target: number,
  excluded: Iterable<number> = [],
): number {
  checkItem('target', target, scores.length);
  const targetScore = scores[target]!;
  if (Number.isNaN(targetScore)) {
    throw new RangeError(
      `expected a score for target ${target}, got NaN. Look for a diverged model before ranking.`,
    );
  }

  let rank = 0; // the target finds itself below, which makes it 1-based
  for (let item = 0; item < scores.length; item++) if (!(scores[item]! < targetScore)) rank++;

  for (const item of new Set(excluded)) {
    checkItem('excluded item', item, scores.length);
    if (item !== target && !(scores[item]! < targetScore)) rank--;
  }
  return rank;
}

function checkItem(name: string, item: number, itemCount: number): void {
  if (!Number.isInteger(item) || item < 0 || item >= itemCount) {
    throw new RangeError(
      `${name} must be an integer from 0 to ${itemCount - 1}, got ${item}. ` +
        'Items are 0-based indices into scores.',
    );
  }
}
