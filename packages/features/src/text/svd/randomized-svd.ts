import { setImmediate as nextTurn } from 'node:timers/promises';
import { actionable } from '@rodpo/errors';
import { symmetricEigen } from '../../fusion/symmetric-eigen.ts';
import { countRows, type SparseRows } from '../sparse-rows.ts';
import { type DenseRows, gram, mapRows } from './dense-rows.ts';
import { gaussianFill } from './gaussian-fill.ts';
import { orthonormalize } from './orthonormalize.ts';
import { multiply, multiplyTransposed, panelSums } from './sparse-products.ts';

export interface RandomizedSvdOptions {
  readonly columnCount: number;
  /** How many singular values to find. */
  readonly rank: number;
  /** Directions tried beyond `rank`. Default 10. */
  readonly oversampling?: number;
  /** More make the smaller singular values more exact. Default 4. */
  readonly powerIterations?: number;
  /** Uniform in [0, 1). Equal draws give equal bits. */
  readonly random: () => number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each of the `2 · powerIterations + 2` products with the matrix. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface TruncatedSvd {
  /** `[rank]`, descending. */
  readonly singularValues: Float64Array;
  /** Right singular vectors: `[columnCount, rank]`, row-major. */
  readonly components: Float32Array;
}

/** Squared, relative to the largest squared: smaller ones are rounding error of float32. */
const smallestEigenvalue = 1e-12;

/**
 * The largest singular values of a sparse matrix and their right singular vectors, by random
 * projection and power iterations.
 *
 * The largest entry of each vector (by absolute value, the first of equals) is positive. Singular
 * values below 1e-6 of the largest are given as 0, with a vector of zeros. Dense factors are
 * float32, all sums float64. Memory beside the matrix: `4 · (rank + oversampling)` bytes for each
 * row and each column, and 128 bytes for each column.
 *
 * @param matrix blocks of consecutive rows, as `sparseRows` makes them
 * @throws {RangeError} if `rank` is not an integer from 1 to the smaller side of the matrix, or
 * another number is negative or no integer
 * @throws the signal's reason if it is aborted
 * @see Halko, Martinsson and Tropp, "Finding Structure with Randomness", SIAM Review 53, 2011,
 * https://arxiv.org/abs/0909.4061, algorithms 4.4 and 5.1
 */
export async function randomizedSvd(
  matrix: readonly SparseRows[],
  options: RandomizedSvdOptions,
): Promise<TruncatedSvd> {
  const { columnCount, rank, oversampling = 10, powerIterations = 4, random } = options;
  const rowCount = countRows(matrix);
  requireSizes({ rank, oversampling, powerIterations }, Math.min(rowCount, columnCount));
  const width = Math.min(rank + oversampling, rowCount, columnCount);
  const range: DenseRows = { width, data: new Float32Array(rowCount * width) };
  const corange: DenseRows = { width, data: new Float32Array(columnCount * width) };
  const sums = panelSums(columnCount);
  const product = counted(2 * powerIterations + 2, options);

  gaussianFill(corange.data, random);
  await product(() => multiply(matrix, corange, range.data));
  for (let iteration = 0; iteration < powerIterations; iteration++) {
    orthonormalize(range); // not `corange` as well: float32 has digits enough for two products
    await product(() => multiplyTransposed(matrix, range, corange.data, sums));
    await product(() => multiply(matrix, corange, range.data));
  }
  orthonormalize(range);
  orthonormalize(range);
  await product(() => multiplyTransposed(matrix, range, corange.data, sums));
  return rightVectors(corange, rank);
}

/** The SVD of `corangeᵀ`, whose rows are the matrix seen from an orthonormal basis of its range. */
function rightVectors(corange: DenseRows, rank: number): TruncatedSvd {
  const { width, data } = corange;
  const { values, vectors } = symmetricEigen(gram(corange), width);
  const smallest = smallestEigenvalue * values[0]!;
  const singularValues = Float64Array.from(values.subarray(0, rank), (value) =>
    value > smallest ? Math.sqrt(value) : 0,
  );
  const map = Float64Array.from(vectors.subarray(0, rank * width), (entry, at) => {
    const singularValue = singularValues[Math.floor(at / width)]!;
    return singularValue === 0 ? 0 : entry / singularValue;
  });
  const components = data.subarray(0, (data.length / width) * rank); // in place: no memory more
  mapRows(corange, map, components);
  fixSigns(components, rank);
  return { singularValues, components };
}

function fixSigns(components: Float32Array, rank: number): void {
  const largest = new Float32Array(rank);
  for (let at = 0; at < components.length; at++) {
    const value = components[at]!;
    if (Math.abs(value) > Math.abs(largest[at % rank]!)) largest[at % rank] = value;
  }
  for (let at = 0; at < components.length; at++) {
    if (largest[at % rank]! < 0) components[at] = -components[at]!;
  }
}

/** Work in steps: between two, others have their turn, and an abort is seen. */
function counted(
  total: number,
  { signal, onProgress }: RandomizedSvdOptions,
): (work: () => void) => Promise<void> {
  let done = 0;
  return async (work) => {
    await nextTurn();
    signal?.throwIfAborted();
    work();
    onProgress?.(++done, total);
  };
}

function requireSizes(sizes: Record<string, number>, smallerSide: number): void {
  for (const [name, value] of Object.entries(sizes)) {
    if (Number.isInteger(value) && value >= 0) continue;
    throw actionable(
      new RangeError(`${name} must be an integer that is not negative, got ${value}`),
    );
  }
  const { rank } = sizes;
  if (rank! >= 1 && rank! <= smallerSide) return;
  throw actionable(
    new RangeError(
      `rank must be from 1 to ${smallerSide}, the smaller side of the matrix, got ${rank}`,
    ),
  );
}
