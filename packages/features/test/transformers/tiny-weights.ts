import { seededRandom } from '@rodpo/random';
import type { Constant } from './onnx-file.ts';

/** `[rows, columns]` as rows: what the expectations in the tests compute with. */
export type Matrix = readonly (readonly number[])[];

/** Draws matrices with entries in [-1, 1), exact in float32. */
export function weightDrawer(seed: number): (rows: number, columns: number) => Matrix {
  const random = seededRandom(seed);
  const draw = () => Math.fround(2 * random() - 1);
  return (rows, columns) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, draw));
}

export function constant(matrix: Matrix, shape?: readonly number[]): Constant {
  const values = Float32Array.from(matrix.flat());
  return { shape: shape ?? [matrix.length, matrix[0]!.length], values };
}

export function integers(...values: number[]): Constant {
  return { shape: [values.length], values: BigInt64Array.from(values, BigInt) };
}

/** `row · matrix`. */
export function times(row: readonly number[], matrix: Matrix): number[] {
  return matrix[0]!.map((_, column) => row.reduce((sum, x, i) => sum + x * matrix[i]![column]!, 0));
}

export function plus(...rows: (readonly number[])[]): number[] {
  return rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0));
}

export function mean(rows: Matrix): number[] {
  return plus(...rows).map((sum) => sum / rows.length);
}

export function unit(row: readonly number[]): number[] {
  const length = Math.hypot(...row);
  return row.map((x) => x / length);
}
