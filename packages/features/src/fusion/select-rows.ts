import { actionable } from '@rodpo/errors';
import type { ItemVectors } from '../item-vectors.ts';

/**
 * Which items to learn from: a `Uint8Array` is a mask `[items]`, anything else holds item numbers.
 * Repeating an item changes nothing, and absent items are left out.
 */
export type RowSelection = Uint8Array | Iterable<number>;

/** The numbers of the selected items that have a vector, ascending: `[selected]`. */
export function selectRows({ present }: ItemVectors, rows?: RowSelection): Uint32Array {
  const mask = rows === undefined ? undefined : toMask(rows, present.length);
  const selected: number[] = [];
  for (let row = 0; row < present.length; row++) {
    if (present[row] !== 0 && mask?.[row] !== 0) selected.push(row);
  }
  return Uint32Array.from(selected);
}

function toMask(rows: RowSelection, itemCount: number): Uint8Array {
  if (rows instanceof Uint8Array) {
    if (rows.length === itemCount) return rows;
    throw actionable(
      new RangeError(
        `A Uint8Array of rows is a mask and must have one entry for each of the ${itemCount} items, ` +
          `got ${rows.length}. Pass item numbers as another kind of array.`,
      ),
    );
  }
  const mask = new Uint8Array(itemCount);
  for (const row of rows) {
    if (!Number.isInteger(row) || row < 0 || row >= itemCount) {
      throw actionable(
        new RangeError(`Rows must be integers from 0 to ${itemCount - 1}, got ${row}`),
      );
    }
    mask[row] = 1;
  }
  return mask;
}
