import type { ItemLists } from './case-lists.ts';
import { checkOffsets } from './check-offsets.ts';

/**
 * Which items belong to which row: a list per row, or a test. A test suits a set that all rows
 * share: `(_, item) => popular.has(item)`.
 */
export type ItemMembership = ItemLists | ((row: number, item: number) => boolean);

/**
 * One test for both forms. Ask row after row: the set of the current row is kept.
 *
 * @throws {RangeError} if offsets do not fit their items
 */
export function memberTest(membership: ItemMembership): (row: number, item: number) => boolean {
  if (typeof membership === 'function') return membership;
  const { offsets, items } = membership;
  checkOffsets('item lists', offsets, items.length);
  let current = -1;
  let members = new Set<number>();
  return (row, item) => {
    if (row !== current) {
      members = new Set(items.subarray(offsets[row]!, offsets[row + 1]!));
      current = row;
    }
    return members.has(item);
  };
}

/** @throws {RangeError} if `membership` has lists for another number of rows */
export function checkRowCount(name: string, membership: ItemMembership, rowCount: number): void {
  if (typeof membership === 'function' || membership.offsets.length === rowCount + 1) return;
  throw new RangeError(
    `expected ${name} to have ${rowCount} rows, got ${membership.offsets.length - 1}. ` +
      'Pass one list per row, in the same order; an empty one where there is nothing.',
  );
}
