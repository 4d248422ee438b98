/** @throws {RangeError} unless `item` is an index below `itemCount` */
export function checkItem(name: string, item: number, itemCount: number): void {
  if (!Number.isInteger(item) || item < 0 || item >= itemCount) {
    throw new RangeError(
      `${name} must be an integer from 0 to ${itemCount - 1}, got ${item}. ` +
        'Items are 0-based indices.',
    );
  }
}
