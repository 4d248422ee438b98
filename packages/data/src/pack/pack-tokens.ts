import { actionable } from '@rodpo/errors';
import type { PackedBatch } from './packed-batch.ts';

/**
 * Lays out one integer per item (items, targets, token numbers) as `packRows`
 * placed the sequences: flat, shape `[rows * rowLength]`, `fill` in padding
 * (default 0).
 *
 * `values(sequence)` must have at least the placement's `length` entries; the
 * first `length` are used.
 *
 * @throws {RangeError} if `values` gives fewer
 */
export function packTokens(
  batch: PackedBatch,
  values: (sequence: number) => ArrayLike<number>,
  fill = 0,
): Int32Array {
  const packed = new Int32Array(batch.rows * batch.rowLength).fill(fill);
  for (const { sequence, row, offset, length } of batch.placements) {
    const own = values(sequence);
    if (own.length < length) {
      throw actionable(
        new RangeError(
          `values(${sequence}) must have at least ${length} entries, got ${own.length}. ` +
            'Pack with the lengths of these values.',
        ),
      );
    }
    const start = row * batch.rowLength + offset;
    for (let index = 0; index < length; index++) packed[start + index] = own[index]!;
  }
  return packed;
}
