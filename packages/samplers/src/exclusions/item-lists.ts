import type { ItemLists } from '../negative-sampler.ts';

/**
 * One list per row, of any lengths, end to end: `offsets` is `[rowCount + 1]`.
 *
 * @throws {RangeError} if an item is not an integer
 */
export function itemLists(lists: readonly ArrayLike<number>[]): ItemLists {
  const offsets = new Int32Array(lists.length + 1);
  for (const [row, list] of lists.entries()) offsets[row + 1] = offsets[row]! + list.length;
  const items = new Int32Array(offsets[lists.length]!);
  for (const [row, list] of lists.entries()) {
    checkIntegers(list, row);
    items.set(list, offsets[row]!);
  }
  return { offsets, items };
}

/** An `Int32Array` would cut off the rest of a fraction, and turn NaN into item 0. */
function checkIntegers(list: ArrayLike<number>, row: number): void {
  if (list instanceof Int32Array) return;
  for (let index = 0; index < list.length; index++) {
    if ((list[index]! | 0) === list[index]) continue;
    throw new RangeError(`items must be 32-bit integers, got ${list[index]} in row ${row}`);
  }
}
