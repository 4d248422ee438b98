/** The entries of a vector that are not zero. */
export interface SparseVector {
  /** `[entries]`, ascending. */
  readonly indices: Int32Array;
  /** `[entries]` */
  readonly values: Float32Array;
}

/** Rows of a sparse matrix: the entries of row `r` lie at `starts[r]` to `starts[r + 1]`. */
export interface SparseRows {
  /** `[rows + 1]` */
  readonly starts: Int32Array;
  /** `[entries]`: the column of each entry. */
  readonly columns: Int32Array;
  /** `[entries]` */
  readonly values: Float32Array;
}

/** 8 MiB a block, but a row is never parted. */
const blockEntries = 2 ** 20;

/**
 * A sparse matrix from its rows, in blocks of consecutive rows: a matrix can then be built and
 * given up block by block, where one large array would have to be copied to grow.
 */
export function sparseRows(vectors: Iterable<SparseVector>): SparseRows[] {
  const builder = sparseRowsBuilder();
  for (const vector of vectors) builder.add(vector);
  return builder.finish();
}

/** Collects rows as they come. */
export interface SparseRowsBuilder {
  add(vector: SparseVector): void;
  finish(): SparseRows[];
}

export function sparseRowsBuilder(): SparseRowsBuilder {
  const blocks: SparseRows[] = [];
  let starts = [0];
  let columns = new Int32Array(0);
  let values = new Float32Array(0);
  const used = () => starts.at(-1)!;

  const close = () => {
    if (starts.length === 1) return;
    const parts = { columns: columns.subarray(0, used()), values: values.subarray(0, used()) };
    blocks.push({ starts: Int32Array.from(starts), ...parts });
    starts = [0];
    columns = new Int32Array(0);
    values = new Float32Array(0);
  };
  const makeRoom = (count: number) => {
    if (used() + count <= columns.length) return;
    if (used() + count > blockEntries) close();
    const capacity = Math.max(count, Math.min(blockEntries, 2 * (used() + count)));
    columns = copied(columns, new Int32Array(capacity));
    values = copied(values, new Float32Array(capacity));
  };
  return {
    add: ({ indices, values: added }) => {
      makeRoom(indices.length);
      columns.set(indices, used());
      values.set(added, used());
      starts.push(used() + indices.length);
    },
    finish: () => {
      close();
      return blocks;
    },
  };
}

/** The rows one by one, as views. */
export function* rowsOf({ starts, columns, values }: SparseRows): Generator<SparseVector> {
  for (let row = 0; row + 1 < starts.length; row++) {
    const [start, end] = [starts[row]!, starts[row + 1]!];
    yield { indices: columns.subarray(start, end), values: values.subarray(start, end) };
  }
}

/** Number of rows in all blocks. */
export function countRows(blocks: readonly SparseRows[]): number {
  return blocks.reduce((count, { starts }) => count + starts.length - 1, 0);
}

function copied<Values extends Int32Array | Float32Array>(from: Values, to: Values): Values {
  to.set(from);
  return to;
}
