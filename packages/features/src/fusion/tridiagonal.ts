/** A symmetric matrix `A = basisᵀ · T · basis`, `T` tridiagonal. */
export interface Tridiagonal {
  /** `[size]` */
  readonly diagonal: Float64Array;
  /** `[size]`: entry `i` is `T[i, i + 1] = T[i + 1, i]`; the last one is 0. */
  readonly offDiagonal: Float64Array;
  /** `[size, size]`, orthogonal, row-major. */
  readonly basis: Float64Array;
}

/**
 * Reduces a symmetric matrix to tridiagonal form by Householder reflections, from the last row up.
 * Only the lower triangle of `matrix` is read; its content is used up.
 *
 * @see Golub and Van Loan, "Matrix Computations", 4th edition, section 8.3.1
 */
export function tridiagonalize(matrix: Float64Array, size: number): Tridiagonal {
  const diagonal = new Float64Array(size);
  const offDiagonal = new Float64Array(size);
  const factors = new Float64Array(size);
  for (let row = size - 1; row >= 1; row--) {
    const { beta, remaining } = reflectorOf(matrix, row * size, row);
    offDiagonal[row - 1] = remaining;
    factors[row] = beta;
    if (beta !== 0) reflectBothSides(matrix, size, row, beta);
  }
  for (let row = 0; row < size; row++) diagonal[row] = matrix[row * size + row]!;
  return { diagonal, offDiagonal, basis: productOfReflections(matrix, size, factors) };
}

/**
 * Replaces the `length` values from `start` by the vector `v` whose reflection `I − beta·v·vᵀ`
 * turns them into `remaining` times the last unit vector.
 */
function reflectorOf(
  values: Float64Array,
  start: number,
  length: number,
): { beta: number; remaining: number } {
  const last = start + length - 1;
  let squares = 0;
  for (let at = start; at < last; at++) squares += values[at]! ** 2;
  const pivot = values[last]!;
  if (squares === 0) return { beta: 0, remaining: pivot };
  const norm = Math.sqrt(squares + pivot ** 2);
  const remaining = pivot > 0 ? -norm : norm; // of the other sign, so that nothing cancels
  values[last] = pivot - remaining;
  return { beta: 2 / (squares + values[last]! ** 2), remaining };
}

/** `A ← H·A·H` on the leading `[count, count]` block, `H` from the vector in row `count`. */
function reflectBothSides(matrix: Float64Array, size: number, count: number, beta: number): void {
  const v = matrix.subarray(count * size, count * size + count);
  const w = lowerTimes(matrix, size, v);
  let inner = 0;
  for (let row = 0; row < count; row++) inner += v[row]! * w[row]!;
  for (let row = 0; row < count; row++) {
    w[row] = beta * (w[row]! - 0.5 * beta * inner * v[row]!);
  }
  for (let row = 0; row < count; row++) {
    const start = row * size;
    const vRow = v[row]!;
    const wRow = w[row]!;
    for (let column = 0; column <= row; column++) {
      matrix[start + column]! -= vRow * w[column]! + wRow * v[column]!;
    }
  }
}

/** The symmetric leading block, known by its lower triangle, times `v`. */
function lowerTimes(matrix: Float64Array, size: number, v: Float64Array): Float64Array {
  const product = new Float64Array(v.length);
  for (let row = 0; row < v.length; row++) {
    const start = row * size;
    const vRow = v[row]!;
    let sum = 0;
    for (let column = 0; column < row; column++) {
      const value = matrix[start + column]!;
      sum += value * v[column]!;
      product[column]! += value * vRow;
    }
    product[row]! += sum + matrix[start + row]! * vRow;
  }
  return product;
}

/** `H₁·H₂·…`: reflection `row` only touches what lies before `row`, so the product grows. */
function productOfReflections(
  matrix: Float64Array,
  size: number,
  factors: Float64Array,
): Float64Array {
  const product = new Float64Array(size * size);
  for (let row = 0; row < size; row++) product[row * size + row] = 1;
  for (let count = 1; count < size; count++) {
    const v = matrix.subarray(count * size, count * size + count);
    for (let row = 0; row < count && factors[count] !== 0; row++) {
      const start = row * size;
      let inner = 0;
      for (let column = 0; column < count; column++) inner += product[start + column]! * v[column]!;
      inner *= factors[count]!;
      for (let column = 0; column < count; column++) product[start + column]! -= inner * v[column]!;
    }
  }
  return product;
}
