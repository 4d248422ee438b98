/** Items that one step touches, numbered in ascending order. */
export interface LocalItems {
  /** Which items have a number, in its order: a view until they are numbered again. */
  readonly items: Int32Array;
  /**
   * Forgets all items, and numbers those of the lists; what is below 0 is none. In order, since neighbours in
   * a large table then are read one after another, which its memory does sooner.
   *
   * @throws {RangeError} if there are more than it has room for; none has a number then
   */
  renumber(lists: readonly Int32Array[]): void;
  /** Of an item that was numbered. */
  numberOf(item: number): number;
}

/**
 * Takes 4 bytes for each item of the catalogue, and time only for those that are named.
 *
 * @param capacity most items with a number at a time
 */
export function localItems(itemCount: number, capacity: number): LocalItems {
  const numbers = new Int32Array(itemCount).fill(-1);
  const named = new Int32Array(capacity);
  let count = 0;
  const forget = () => {
    for (let index = 0; index < count; index++) numbers[named[index]!] = -1;
    count = 0;
  };
  const name = (item: number) => {
    if (item < 0 || numbers[item]! >= 0) return;
    if (count === capacity) {
      forget();
      throw new RangeError(`A step names more than ${capacity} items.`);
    }
    named[count] = item;
    numbers[item] = count++;
  };
  return {
    get items() {
      return named.subarray(0, count);
    },
    renumber: (lists) => {
      forget();
      for (const items of lists) for (const item of items) name(item);
      const ascending = named.subarray(0, count).sort();
      for (let index = 0; index < count; index++) numbers[ascending[index]!] = index;
    },
    numberOf: (item) => numbers[item]!,
  };
}
