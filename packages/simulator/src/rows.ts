type Numbers = Int32Array | Float64Array;

/** Rows of different lengths, written one after another into one array that grows. */
export interface RowWriter<Row extends Numbers> {
  add(values: Iterable<number>): void;
  /** Every row so far, as a view. */
  rows(): Row[];
}

/** Hundreds of thousands of small arrays would each have a buffer of their own; these share one. */
export function rowWriter<Row extends Numbers>(Kind: new (length: number) => Row): RowWriter<Row> {
  let whole = new Kind(1024);
  let length = 0;
  const ends: number[] = [];
  return {
    add: (values) => {
      for (const value of values) {
        if (length === whole.length) {
          const wider = new Kind(2 * length);
          wider.set(whole);
          whole = wider;
        }
        whole[length++] = value;
      }
      ends.push(length);
    },
    rows: () => ends.map((end, row) => whole.subarray(ends[row - 1] ?? 0, end) as Row),
  };
}
