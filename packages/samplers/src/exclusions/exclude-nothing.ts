import { requireInteger } from '@rodpo/errors';
import type { ItemLists } from '../negative-sampler.ts';

/**
 * Lets every row draw every item, its chosen one included.
 *
 * @throws {RangeError} if `rowCount` is not an integer from 0
 */
export function excludeNothing(rowCount: number): ItemLists {
  requireInteger('rowCount', rowCount, { from: 0 });
  return { offsets: new Int32Array(rowCount + 1), items: new Int32Array(0) };
}
