import { requireInteger } from '@rodpo/errors';

/** @throws {RangeError} unless `item` is an index below `itemCount` */
export function checkItem(name: string, item: number, itemCount: number): void {
  if (Number.isInteger(item) && item >= 0 && item < itemCount) return; // called for every item
  requireInteger(name, item, { from: 0, to: itemCount - 1, advice: 'Items are 0-based indices.' });
}
