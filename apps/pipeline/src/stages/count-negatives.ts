import type { LeaveOneOutSplit, PackedBatch } from '@rodpo/data';
import type { Dataset } from '../data/dataset.ts';

/**
 * How many of a batch's drawn negatives were wrong:
 * - `falseNegativeRate`: share that the user would have liked; NaN unless the tastes are known,
 *   as they are for simulated data alone.
 * - `heldOutRate`: share that the user did choose later, in validation or test. It needs no known
 *   tastes, but sees two items per user only.
 *
 * Diagnostics: neither is ever used in training.
 */
export function countNegatives(
  negatives: Int32Array,
  { placements, rowLength }: PackedBatch,
  { liked, itemIds, sequences }: Dataset,
  { train }: LeaveOneOutSplit,
): { falseNegativeRate: number; heldOutRate: number } {
  let [drawn, likedCount, heldOut] = [0, 0, 0];
  for (const { sequence: user, row, offset, length } of placements) {
    const later = sequences[user]!.subarray(train[user]!.length);
    const first = row * rowLength + offset;
    for (const item of negatives.subarray(first, first + length)) {
      likedCount += liked?.[user * itemIds.length + item] ?? 0;
      if (later.includes(item)) heldOut++;
    }
    drawn += length;
  }
  return {
    falseNegativeRate: liked ? likedCount / drawn : Number.NaN,
    heldOutRate: heldOut / drawn,
  };
}
