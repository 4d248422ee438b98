import { checkLists } from '../batch/check-batch.ts';
import type { ItemLists } from '../negative-sampler.ts';

/**
 * Excludes in each row what either excludes there.
 *
 * @throws {RangeError} if they differ in their number of rows
 */
export function mergeExclusions(a: ItemLists, b: ItemLists): ItemLists {
  const rowCount = a.offsets.length - 1;
  checkLists(a, rowCount, 'a');
  checkLists(b, rowCount, 'b');
  const offsets = a.offsets.map((offset, row) => offset + b.offsets[row]!);
  const items = new Int32Array(offsets[rowCount]!);
  for (let row = 0; row < rowCount; row++) {
    const ofA = a.items.subarray(a.offsets[row], a.offsets[row + 1]);
    items.set(ofA, offsets[row]!);
    items.set(b.items.subarray(b.offsets[row], b.offsets[row + 1]), offsets[row]! + ofA.length);
  }
  return { offsets, items };
}
