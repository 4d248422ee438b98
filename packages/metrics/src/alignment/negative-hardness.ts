import { actionable } from '@rodpo/errors';
import { rowCountOf } from '../beyond-accuracy/row-count.ts';
import { checkItem } from '../check-item.ts';

/**
 * How hard the negatives of each row are: the mean share of the other items that score lower
 * than a drawn one, ties counting half. 1 is the best-scored item, 0 the worst, and uniform
 * draws average 0.5. Shape `[rowCount]`, `NaN` for a row without draws. Another item's `NaN` score counts
 * as higher.
 *
 * Costs O(count · itemCount) per row.
 *
 * @param negatives `[rowCount, count]` items, row after row; −1 is fill
 * @param scores the policy's score of every item: `[rowCount, itemCount]`
 * @throws {RangeError} if the shapes do not fit, an item is not an index below `itemCount`, or a
 * drawn item's score is `NaN`
 */
export function negativeHardness(
  negatives: Int32Array,
  count: number,
  scores: ArrayLike<number>,
  itemCount: number,
): Float64Array {
  const rowCount = rowCountOf('negatives', negatives.length, count);
  if (rowCountOf('scores', scores.length, itemCount) !== rowCount) {
    throw new RangeError(
      `expected ${itemCount} scores for each of ${rowCount} rows, got ${scores.length}. ` +
        'Pass the scores that the negatives were drawn by.',
    );
  }
  const hardness = new Float64Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    let sum = 0;
    let drawn = 0;
    for (const item of negatives.subarray(row * count, (row + 1) * count)) {
      if (item === -1) continue;
      checkItem('item', item, itemCount);
      sum += percentile(scores, row * itemCount, itemCount, item);
      drawn++;
    }
    hardness[row] = sum / drawn; // 0 / 0 is NaN
  }
  return hardness;
}

function percentile(
  scores: ArrayLike<number>,
  start: number,
  itemCount: number,
  item: number,
): number {
  const own = scores[start + item]!;
  if (Number.isNaN(own)) {
    throw actionable(
      new RangeError(
        `expected a score for drawn item ${item}, got NaN. Look for a diverged model before ranking.`,
      ),
    );
  }
  let doubled = -1; // twice the lower ones plus ties, without the item's tie with itself
  for (let other = start; other < start + itemCount; other++) {
    doubled += scores[other]! < own ? 2 : scores[other]! === own ? 1 : 0;
  }
  return doubled / (2 * (itemCount - 1));
}
