import type { LeaveOneOutSplit, PackedBatch } from '@rodpo/data';
import type { Dataset } from '../data/dataset.ts';

/** Shares of the negatives drawn in one batch. */
export interface NegativeRates {
  /**
   * Unobserved items that the user would have liked; NaN unless the tastes are known, as they are
   * for simulated data alone.
   */
  readonly falseNegativeRate: number;
  /**
   * Items that the user did choose later, in validation or test. It needs no known tastes, but
   * sees two items per user only.
   */
  readonly heldOutRate: number;
  /** Items of the user's own training part; if excluded, only those older than what is read. */
  readonly historyRate: number;
}

/**
 * How many of a batch's drawn negatives, `[tokens]` or `[tokens, count]`, were wrong; −1 stands where
 * nothing could be drawn, and counts neither way. A diagnostic: never used in training.
 */
export function countNegatives(
  negatives: Int32Array,
  { placements, rowLength, segments }: PackedBatch,
  { liked, itemIds, sequences }: Dataset,
  { train }: LeaveOneOutSplit,
): NegativeRates {
  const perToken = negatives.length / segments.length;
  let [drawn, falseNegatives, heldOut, history] = [0, 0, 0, 0];
  for (const { sequence: user, row, offset, length } of placements) {
    const observed = train[user]!;
    const later = sequences[user]!.subarray(observed.length);
    const first = (row * rowLength + offset) * perToken;
    for (const item of negatives.subarray(first, first + length * perToken)) {
      if (item < 0) continue;
      drawn++;
      if (observed.includes(item)) history++;
      else falseNegatives += liked?.[user * itemIds.length + item] ?? 0;
      if (later.includes(item)) heldOut++;
    }
  }
  const rate = (wrong: number) => (drawn > 0 ? wrong / drawn : 0);
  return {
    falseNegativeRate: liked ? rate(falseNegatives) : Number.NaN,
    heldOutRate: rate(heldOut),
    historyRate: rate(history),
  };
}
