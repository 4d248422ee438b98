import type { ItemLists } from '../negative-sampler.ts';

/** A set of items that is emptied in O(1), to hold what one row must not draw. */
export interface Marks {
  readonly itemCount: number;
  clear(): void;
  /** Empties the set, then adds the items of one list. */
  begin(lists: ItemLists, row: number): void;
  /** Adds an item: true if it was not there. A number that names no item is ignored. */
  add(item: number): boolean;
  has(item: number): boolean;
  /** How many items are in the set. */
  size(): number;
}

const LAST_STAMP = 2 ** 31 - 1;

/** An empty set of items from 0 to `itemCount - 1`. An item is in it if it bears today's stamp. */
export function createMarks(itemCount: number): Marks {
  const stamps = new Int32Array(itemCount);
  let stamp = 0;
  let size = 0;

  const clear = () => {
    if (stamp === LAST_STAMP) stamps.fill(0);
    stamp = stamp === LAST_STAMP ? 1 : stamp + 1;
    size = 0;
  };
  clear();

  const has = (item: number) => stamps[item] === stamp;
  const add = (item: number) => {
    if (item < 0 || item >= itemCount || has(item)) return false;
    stamps[item] = stamp;
    size++;
    return true;
  };
  const begin = ({ offsets, items }: ItemLists, row: number) => {
    clear();
    for (let index = offsets[row]!; index < offsets[row + 1]!; index++) add(items[index]!);
  };
  return { itemCount, clear, begin, add, has, size: () => size };
}
