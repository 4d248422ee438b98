import type { PackedBatch } from './packed-batch.ts';

/** The share of all cells that hold no item, from 0 to 1; `NaN` for no batches. */
export function paddingShare(batches: Iterable<PackedBatch>): number {
  let cells = 0;
  let filled = 0;
  for (const { rows, rowLength, placements } of batches) {
    cells += rows * rowLength;
    for (const { length } of placements) filled += length;
  }
  return (cells - filled) / cells;
}
