import type { ItemVectors } from '../item-vectors.ts';

/** Rows that are centred, transposed and multiplied at a time: a block stays in the cache. */
const blockRows = 64;

/**
 * Covariance of the given rows, with `rows − 1` as divisor: `[dimension, dimension]`, of which
 * only the lower triangle is filled. Centred before it is squared, in float64, so that a mean far
 * from zero costs no digits.
 */
export function lowerCovariance(
  { dimension, vectors }: ItemVectors,
  rows: Uint32Array,
  mean: Float64Array,
): Float64Array {
  const covariance = new Float64Array(dimension * dimension);
  const block = new Float64Array(dimension * blockRows);
  for (let from = 0; from < rows.length; from += blockRows) {
    const count = Math.min(blockRows, rows.length - from);
    block.fill(0);
    for (let index = 0; index < count; index++) {
      const row = rows[from + index]! * dimension;
      for (let axis = 0; axis < dimension; axis++) {
        block[axis * blockRows + index] = vectors[row + axis]! - mean[axis]!;
      }
    }
    addProducts(covariance, block, dimension);
  }
  return covariance.map((sum) => sum / (rows.length - 1));
}

/** Adds `block · blockᵀ` to the lower triangle; `block` is `[dimension, blockRows]`. */
function addProducts(covariance: Float64Array, block: Float64Array, dimension: number): void {
  for (let row = 0; row < dimension; row++) {
    const left = row * blockRows;
    // Two columns at a time halve the reads of `left`.
    for (let column = 0; column <= row; column += 2) {
      const first = column * blockRows;
      const second = column < row ? first + blockRows : first;
      let firstSum = 0;
      let secondSum = 0;
      for (let index = 0; index < blockRows; index++) {
        const value = block[left + index]!;
        firstSum += value * block[first + index]!;
        secondSum += value * block[second + index]!;
      }
      covariance[row * dimension + column]! += firstSum;
      if (column < row) covariance[row * dimension + column + 1]! += secondSum;
    }
  }
}
