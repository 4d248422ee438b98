import { type DenseRows, gram, mapRows } from './dense-rows.ts';

/** What is left of a column's squared length: below this it is rounding error of float32. */
const smallestRemainder = 1e-12;

/**
 * Turns the columns of a tall matrix into orthonormal ones that span the same space, in place. A
 * column that depends on those before it becomes zero.
 *
 * By the Cholesky factor of the Gram matrix: two passes over the rows. What one pass leaves of
 * ill-conditioned columns, a second call mends.
 *
 * @see Yamamoto et al., "Roundoff error analysis of the CholeskyQR2 algorithm", ETNA 44, 2015
 */
export function orthonormalize(dense: DenseRows): void {
  const products = gram(dense);
  factorize(products, dense.width);
  invertLower(products, dense.width);
  mapRows(dense, products, dense.data, { isLower: true });
}

/** `A = L · Lᵀ` in the lower triangle, in place; columns of dependent ones are zero. */
function factorize(matrix: Float64Array, size: number): void {
  for (let column = 0; column < size; column++) {
    const diagonal = column * size;
    const whole = matrix[diagonal + column]!;
    const remainder = whole - dot(matrix, diagonal, diagonal, column);
    const pivot = remainder > smallestRemainder * whole ? Math.sqrt(remainder) : 0;
    matrix[diagonal + column] = pivot;
    for (let row = column + 1; row < size; row++) {
      const at = row * size;
      const rest = matrix[at + column]! - dot(matrix, at, diagonal, column);
      matrix[at + column] = pivot === 0 ? 0 : rest / pivot;
    }
  }
}

/** `L⁻¹` in place of `L`; a zero pivot gives a zero row. */
function invertLower(matrix: Float64Array, size: number): void {
  for (let row = 0; row < size; row++) {
    const at = row * size;
    const pivot = matrix[at + row]!;
    const factors = matrix.slice(at, at + row);
    matrix.fill(0, at, at + row + 1);
    if (pivot === 0) continue;
    for (let other = 0; other < row; other++) {
      const factor = factors[other]!;
      for (let column = 0; column <= other; column++) {
        matrix[at + column]! -= factor * matrix[other * size + column]!;
      }
    }
    for (let column = 0; column < row; column++) matrix[at + column]! /= pivot;
    matrix[at + row] = 1 / pivot;
  }
}

function dot(matrix: Float64Array, left: number, right: number, length: number): number {
  let sum = 0;
  for (let at = 0; at < length; at++) sum += matrix[left + at]! * matrix[right + at]!;
  return sum;
}
