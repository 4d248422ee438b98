/** Where one sequence went. */
export interface Placement {
  /** Index into the lengths given to `packRows`. */
  readonly sequence: number;
  readonly row: number;
  /** Cell of the row in which the sequence begins. */
  readonly offset: number;
  readonly length: number;
}

/**
 * Sequences laid out side by side in rows of equal length. The flat arrays have
 * shape `[rows * rowLength]`; cell `offset` of row `row` is at `row * rowLength + offset`.
 */
export interface PackedBatch {
  readonly rows: number;
  readonly rowLength: number;
  /** By row, then by offset. */
  readonly placements: readonly Placement[];
  /** Index of each cell within its own sequence, 0 for the oldest item; 0 in padding. */
  readonly positions: Int32Array;
  /** 1-based number of the sequence within its row; 0 is padding. Attend only within a segment. */
  readonly segments: Int32Array;
}
