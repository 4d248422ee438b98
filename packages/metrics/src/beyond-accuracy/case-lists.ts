import { checkOffsets } from './check-offsets.ts';
import { rowCountOf } from './row-count.ts';

/** Lists of one length in one array, as a batched top-K leaves them. */
export interface FlatLists {
  /** `[caseCount, cutoff]`, best item first; −1 fills up a list that is shorter. */
  readonly items: Int32Array;
  readonly cutoff: number;
}

/** A list of items per row: row `r` has `items` from `offsets[r]` up to `offsets[r + 1]`. */
export interface ItemLists {
  /** `[rowCount + 1]`, ascending from 0. */
  readonly offsets: Int32Array;
  /** `[offsets[rowCount]]`. */
  readonly items: Int32Array;
}

/**
 * One list of items per case: lists of one length, lists of any length, or anything that yields
 * lists one after another, such as a generator over a catalogue of users too large to hold.
 * Whatever the form, a list ends before its first −1. Items are 0-based indices.
 */
export type CaseLists = FlatLists | ItemLists | Iterable<ArrayLike<number>>;

/**
 * Every list without its fill, in order. A list is a view: read it before taking the next.
 *
 * @throws {RangeError} if lists of one length, or offsets, do not fit their items
 */
export function* eachList(lists: CaseLists): Generator<ArrayLike<number>, void> {
  if ('cutoff' in lists) {
    const { items, cutoff } = lists;
    const caseCount = rowCountOf('items', items.length, cutoff);
    for (let row = 0; row < caseCount; row++) {
      yield withoutFill(items.subarray(row * cutoff, (row + 1) * cutoff));
    }
  } else if ('offsets' in lists) {
    const { items, offsets } = lists;
    checkOffsets('lists', offsets, items.length);
    for (let row = 0; row + 1 < offsets.length; row++) {
      yield withoutFill(items.subarray(offsets[row]!, offsets[row + 1]!));
    }
  } else {
    for (const list of lists) yield withoutFill(list);
  }
}

/**
 * The lists of both, case by case.
 *
 * @throws {RangeError} if one has more cases than the other
 */
export function* pairLists(
  lists: CaseLists,
  others: CaseLists,
): Generator<[ArrayLike<number>, ArrayLike<number>], void> {
  const other = eachList(others);
  let caseCount = 0;
  for (const list of eachList(lists)) {
    const next = other.next();
    if (next.done) throw unequal(`more than ${caseCount} against ${caseCount}`);
    yield [list, next.value];
    caseCount++;
  }
  if (!other.next().done) throw unequal(`${caseCount} against more than ${caseCount}`);
}

function unequal(counts: string): RangeError {
  return new RangeError(
    `expected as many lists as profiles, got ${counts}. Pass both for the same cases, in order.`,
  );
}

function withoutFill(list: ArrayLike<number>): ArrayLike<number> {
  let length = 0;
  while (length < list.length && list[length] !== -1) length++;
  return length === list.length ? list : Array.prototype.slice.call(list, 0, length);
}
