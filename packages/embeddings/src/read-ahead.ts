/** Enough rows for their memory to come at once, few enough to be still near when they are worked on. */
export const rowsAhead = 32;

interface NextRows {
  readonly indices: Int32Array;
  /** How many of the indices count. */
  readonly count: number;
  /** Of the index that is worked on next. */
  readonly place: number;
}

/** Numbers of a table that caches may hold: its rows are near anyway. */
const nearby = 2 ** 22;

/** Where sums go: reads whose result went nowhere could be left out. */
const read = new Float64Array(1);

/**
 * Reads a number of each of the next `rowsAhead` rows of large tables. There each row is a wait for memory, and
 * these waits pass together where nothing else has to be done between them.
 *
 * @param tables `[rows, width]` each
 */
export function readAhead(
  tables: readonly Float32Array[],
  width: number,
  { indices, count, place }: NextRows,
): void {
  const end = Math.min(place + rowsAhead, count);
  for (const values of tables) {
    if (values.length <= nearby) continue;
    let sum = 0;
    for (let n = place; n < end; n++) sum += values[indices[n]! * width]!;
    read[0] = sum;
  }
}
