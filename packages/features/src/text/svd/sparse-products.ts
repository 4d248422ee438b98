import type { SparseRows } from '../sparse-rows.ts';
import type { DenseRows } from './dense-rows.ts';

/** Columns that are summed in float64 at a time: 128 bytes for every row of the result. */
const panelWidth = 16;

/** `matrix · dense` into `product`: `[rows, width]`. Sums are float64. */
export function multiply(
  matrix: readonly SparseRows[],
  { width, data }: DenseRows,
  product: Float32Array,
): void {
  const sums = new Float64Array(width);
  let target = 0;
  for (const { starts, columns, values } of matrix) {
    for (let row = 0; row + 1 < starts.length; row++) {
      const end = starts[row + 1]!;
      sums.fill(0);
      let entry = starts[row]!;
      for (; entry + 1 < end; entry += 2) {
        // Two at a time halve the reads and writes of the sums.
        const first = columns[entry]! * width;
        const second = columns[entry + 1]! * width;
        const firstValue = values[entry]!;
        const secondValue = values[entry + 1]!;
        for (let axis = 0; axis < width; axis++) {
          sums[axis]! += firstValue * data[first + axis]! + secondValue * data[second + axis]!;
        }
      }
      if (entry < end) {
        const last = columns[entry]! * width;
        const value = values[entry]!;
        for (let axis = 0; axis < width; axis++) sums[axis]! += value * data[last + axis]!;
      }
      product.set(sums, target);
      target += width;
    }
  }
}

/**
 * `matrixᵀ · dense` into `product`: `[columns, width]`. Sums are float64, which for all columns
 * of `dense` at once would take twice the memory of the product: so some at a time.
 *
 * @param sums what `panelSums` gives for the columns of the matrix; its content is used up
 */
export function multiplyTransposed(
  matrix: readonly SparseRows[],
  dense: DenseRows,
  product: Float32Array,
  sums: Float64Array,
): void {
  const { width } = dense;
  for (let from = 0; from < width; from += panelWidth) {
    const count = Math.min(panelWidth, width - from);
    sums.fill(0);
    addPanel(matrix, dense, { from, count }, sums);
    let source = 0;
    for (let target = from; target < product.length; target += width) {
      for (let axis = 0; axis < count; axis++) product[target + axis] = sums[source++]!;
    }
  }
}

/** To be made once: a large array is not given back at once when it is no longer used. */
export function panelSums(columnCount: number): Float64Array {
  return new Float64Array(columnCount * panelWidth);
}

/** Adds `matrixᵀ · dense[:, from .. from + count]` to `sums`, `[columns, count]`. */
function addPanel(
  matrix: readonly SparseRows[],
  { width, data }: DenseRows,
  { from, count }: { readonly from: number; readonly count: number },
  sums: Float64Array,
): void {
  let source = from;
  for (const { starts, columns, values } of matrix) {
    for (let row = 0; row + 1 < starts.length; row++, source += width) {
      const end = starts[row + 1]!;
      for (let entry = starts[row]!; entry < end; entry++) {
        const target = columns[entry]! * count;
        const value = values[entry]!;
        for (let axis = 0; axis < count; axis++) {
          sums[target + axis]! += value * data[source + axis]!;
        }
      }
    }
  }
}
