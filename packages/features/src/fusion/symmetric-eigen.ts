import { type Tridiagonal, tridiagonalize } from './tridiagonal.ts';

export interface Eigen {
  /** `[size]`, descending. */
  readonly values: Float64Array;
  /** `[size, size]`: row `i` belongs to value `i`, has length 1, and its largest entry is > 0. */
  readonly vectors: Float64Array;
}

/** Far above what is ever needed (about two per eigenvalue). */
const stepsPerValue = 60;

/**
 * All eigenvalues and eigenvectors of a symmetric matrix, of which only the lower triangle is
 * read; its content is used up. Householder reduction, then implicit QR steps with Wilkinson's
 * shift: O(size³), exact to a few units of the last place of the largest eigenvalue.
 *
 * @see Golub and Van Loan, "Matrix Computations", 4th edition, algorithms 8.3.1 to 8.3.3
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  let scale = 0;
  for (const value of matrix) scale = Math.max(scale, Math.abs(value));
  if (scale > 0) {
    for (let at = 0; at < matrix.length; at++) matrix[at]! /= scale; // squares stay in range
  }
  const reduced = tridiagonalize(matrix, size);
  diagonalize(reduced, size);
  return sorted(reduced, size, scale);
}

function diagonalize(reduced: Tridiagonal, size: number): void {
  const { offDiagonal } = reduced;
  let end = size - 1;
  for (let steps = 0; end > 0; steps++) {
    if (steps > stepsPerValue * size) {
      throw new Error(`The eigenvalues of a ${size} × ${size} matrix did not converge`);
    }
    while (end > 0 && Math.abs(offDiagonal[end - 1]!) <= Number.EPSILON) offDiagonal[--end] = 0;
    if (end === 0) return;
    let start = end - 1;
    while (start > 0 && Math.abs(offDiagonal[start - 1]!) > Number.EPSILON) start--;
    shiftedStep(reduced, size, start, end);
  }
}

/** One QR step on `T[start..end]`: a rotation makes a bulge, which others push out at the end. */
function shiftedStep(
  { diagonal, offDiagonal, basis }: Tridiagonal,
  size: number,
  start: number,
  end: number,
): void {
  let leading = diagonal[start]! - wilkinsonShift(diagonal, offDiagonal, end);
  let bulge = offDiagonal[start]!;
  for (let row = start; row < end; row++) {
    const length = Math.sqrt(leading ** 2 + bulge ** 2);
    const cosine = length === 0 ? 1 : leading / length;
    const sine = length === 0 ? 0 : bulge / length;
    if (row > start) offDiagonal[row - 1] = length;

    const upper = diagonal[row]!;
    const lower = diagonal[row + 1]!;
    const between = offDiagonal[row]!;
    const change = sine * (lower - upper) + 2 * cosine * between;
    diagonal[row] = upper + sine * change;
    diagonal[row + 1] = lower - sine * change;
    offDiagonal[row] = cosine * change - between;
    rotateRows(basis.subarray(row * size, (row + 2) * size), cosine, sine);

    if (row + 1 === end) return;
    leading = offDiagonal[row]!;
    bulge = sine * offDiagonal[row + 1]!;
    offDiagonal[row + 1]! *= cosine;
  }
}

/** The eigenvalue of the last 2 × 2 block of `T[..end]` that is nearer to its last entry. */
function wilkinsonShift(diagonal: Float64Array, offDiagonal: Float64Array, end: number): number {
  const last = diagonal[end]!;
  const between = offDiagonal[end - 1]!;
  const half = (diagonal[end - 1]! - last) / 2;
  const root = Math.sqrt(half ** 2 + between ** 2);
  return last - between ** 2 / (half + (half < 0 ? -root : root));
}

/** `[first, second] ← [cosine·first + sine·second, cosine·second − sine·first]`. */
function rotateRows(rows: Float64Array, cosine: number, sine: number): void {
  const size = rows.length / 2;
  for (let column = 0; column < size; column++) {
    const first = rows[column]!;
    const second = rows[size + column]!;
    rows[column] = cosine * first + sine * second;
    rows[size + column] = cosine * second - sine * first;
  }
}

function sorted({ diagonal, basis }: Tridiagonal, size: number, scale: number): Eigen {
  const order = [...diagonal.keys()].sort((a, b) => diagonal[b]! - diagonal[a]! || a - b);
  const vectors = new Float64Array(size * size);
  for (const [to, from] of order.entries()) {
    const vector = basis.subarray(from * size, (from + 1) * size);
    const sign = largestEntry(vector) < 0 ? -1 : 1;
    for (let axis = 0; axis < size; axis++) vectors[to * size + axis] = sign * vector[axis]!;
  }
  return { values: Float64Array.from(order, (index) => diagonal[index]! * scale), vectors };
}

function largestEntry(vector: Float64Array): number {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest;
}
