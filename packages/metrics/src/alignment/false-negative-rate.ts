import {
  checkRowCount,
  type ItemMembership,
  memberTest,
} from '../beyond-accuracy/item-membership.ts';
import { rowCountOf } from '../beyond-accuracy/row-count.ts';

export interface FalseNegatives {
  /** `falseNegatives / drawn`; `NaN` if nothing was drawn. */
  readonly rate: number;
  /** Draws that are known to be relevant. */
  readonly falseNegatives: number;
  /** All draws, repeats included, without fill. */
  readonly drawn: number;
}

/**
 * How many drawn negatives the user is known to like, such as held-out items that training must
 * not see but evaluation may. Hard samplers find these more often than uniform ones do.
 *
 * @param negatives `[rowCount, count]` items, row after row; −1 is fill and counts for nothing
 * @param relevant the items known to be relevant in each row
 * @throws {RangeError} if `negatives` does not hold whole rows, or `relevant` has another number
 * of rows, or offsets that do not fit its items
 */
export function falseNegativeRate(
  negatives: Int32Array,
  count: number,
  relevant: ItemMembership,
): FalseNegatives {
  const isRelevant = memberTest(relevant);
  checkRowCount('relevant', relevant, rowCountOf('negatives', negatives.length, count));
  let falseNegatives = 0;
  let drawn = 0;
  for (let index = 0; index < negatives.length; index++) {
    const item = negatives[index]!;
    if (item === -1) continue;
    drawn++;
    if (isRelevant(Math.floor(index / count), item)) falseNegatives++;
  }
  return { rate: falseNegatives / drawn, falseNegatives, drawn };
}
