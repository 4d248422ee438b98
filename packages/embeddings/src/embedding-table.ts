import { actionable, requirePositiveInteger } from '@rodpo/errors';
import { readAhead, rowsAhead } from './read-ahead.ts';
import { requireCount, requireRoom, requireRows } from './required-rows.ts';

/** A row of numbers for each item, row-major. */
export interface EmbeddingTable {
  readonly rows: number;
  /** Numbers of a row. */
  readonly width: number;
  /**
   * `[rows, width]`: over a `SharedArrayBuffer`, which workers see without a copy, or the array that
   * the table was made from. Written to by optimisers.
   */
  readonly values: Float32Array;
  /**
   * Copies rows side by side.
   *
   * @param indices `[count]` or longer; a row may be asked for more than once
   * @param into `[count, width]` or longer; what is past the rows copied stays as it is
   * @param count how many of the indices count. Default: all
   * @throws {RangeError} if an index is not of the table, or `into` is too short; nothing is copied then
   */
  gather(indices: Int32Array, into: Float32Array, count?: number): void;
}

export interface EmbeddingTableOptions {
  readonly rows: number;
  /** Numbers of a row. */
  readonly width: number;
  /** `[rows, width]`, adopted as it is, without a copy. Default: zeros in shared memory. */
  readonly values?: Float32Array;
}

/**
 * A table on the host, for catalogues whose rows no training step could carry along. A step is given the
 * rows that it needs (`gather`), and an optimiser writes back what it makes of their gradients.
 *
 * @throws {RangeError} (actionable) if `rows` or `width` is no positive integer, or `values` does not hold
 * as many
 */
export function embeddingTable({ rows, width, values }: EmbeddingTableOptions): EmbeddingTable {
  requirePositiveInteger('rows', rows);
  requirePositiveInteger('width', width);
  const size = rows * width;
  if (values && values.length !== size) {
    const expected = `values must hold ${rows} rows of ${width}, ${size} numbers`;
    throw actionable(new RangeError(`${expected}, got ${values.length}`));
  }
  const held = values ?? new Float32Array(new SharedArrayBuffer(size * 4));
  return {
    rows,
    width,
    values: held,
    gather: (indices, into, count = indices.length) => {
      requireCount(count, indices);
      requireRoom('into', into, count * width);
      requireRows(indices, count, rows);
      copyRows(held, width, { indices, into, count });
    },
  };
}

/** Number by number: a view for each row would cost more than its numbers. */
function copyRows(
  values: Float32Array,
  width: number,
  { indices, into, count }: { indices: Int32Array; into: Float32Array; count: number },
): void {
  let to = 0;
  for (let n = 0; n < count; n++) {
    if (n % rowsAhead === 0) readAhead([values], width, { indices, count, place: n });
    const start = indices[n]! * width;
    for (let from = start; from < start + width; from++) into[to++] = values[from]!;
  }
}
