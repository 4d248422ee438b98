/**
 * Solves `matrix · x = values` by Cholesky factors. `matrix` is symmetric, shape `[size, size]`, its
 * lower half filled. Both arguments are overwritten, and `values` becomes `x`: shape `[size]`.
 *
 * Returns the smallest pivot, which says what the solution is worth: next to the largest diagonal
 * entry it must not be small. At 0 or below it there is no solution, and `values` are spoilt.
 */
export function solvePositiveDefinite(matrix: Float64Array, values: Float64Array): number {
  const size = values.length;
  let smallest = Number.POSITIVE_INFINITY;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      const rest = matrix[row * size + column]! - dot(matrix, row * size, column * size, column);
      const isPivot = column === row;
      if (isPivot) smallest = Math.min(smallest, rest);
      matrix[row * size + column] = isPivot
        ? Math.sqrt(rest)
        : rest / matrix[column * size + column]!;
    }
  }

  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      values[row]! -= matrix[row * size + column]! * values[column]!;
    }
    values[row]! /= matrix[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let below = row + 1; below < size; below++) {
      values[row]! -= matrix[below * size + row]! * values[below]!;
    }
    values[row]! /= matrix[row * size + row]!;
  }
  return smallest;
}

function dot(matrix: Float64Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let index = 0; index < length; index++) sum += matrix[a + index]! * matrix[b + index]!;
  return sum;
}
