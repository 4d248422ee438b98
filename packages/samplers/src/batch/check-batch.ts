import { requireInteger } from '@rodpo/errors';
import type { ItemLists, SamplingBatch } from '../negative-sampler.ts';

/** @throws {RangeError} if `rowCount` is not an integer from 0, or `excluded` has other rows */
export function checkBatch({ rowCount, excluded }: SamplingBatch): void {
  requireInteger('rowCount', rowCount, { from: 0 });
  checkLists(excluded, rowCount, 'excluded');
}

/**
 * Item numbers are not looked at: one that names no item fills a place and excludes nothing.
 *
 * @throws {RangeError} if `offsets` does not cut `items` into `rowCount` lists
 */
export function checkLists({ offsets, items }: ItemLists, rowCount: number, name: string): void {
  if (offsets.length !== rowCount + 1) {
    throw new RangeError(
      `${name}.offsets must have ${rowCount + 1} elements, one more than rows, ` +
        `got ${offsets.length}`,
    );
  }
  const broken = offsets.findIndex((offset, row) => offset < (row > 0 ? offsets[row - 1]! : 0));
  if (broken >= 0 || offsets[0] !== 0) {
    throw new RangeError(`${name}.offsets must ascend from 0, got ${offsets[Math.max(broken, 0)]}`);
  }
  if (offsets[rowCount] !== items.length) {
    throw new RangeError(
      `${name}.items must have ${offsets[rowCount]} elements, as its last offset says, ` +
        `got ${items.length}`,
    );
  }
}
