import { actionable, quote } from '@rodpo/errors';
import type { ItemVectors } from '../item-vectors.ts';
import { checkVectors } from './check-vectors.ts';
import { lowerCovariance } from './covariance.ts';
import { meanOfRows } from './mean-vector.ts';
import { type Projection, type ProjectionMethod, projection } from './projection.ts';
import { type RowSelection, selectRows } from './select-rows.ts';
import { type Eigen, symmetricEigen } from './symmetric-eigen.ts';

export interface FitWhiteningOptions {
  /** Items to fit on: those of training, or test items leak into the model. Default all. */
  readonly rows?: RowSelection;
  /**
   * - `pca`: turned onto the principal axes; lengths and distances stay
   * - `pca-whitening` (default): the same, each axis divided by its standard deviation
   * - `zca`: whitened and turned back, so that every coordinate keeps its meaning
   */
  readonly method?: ProjectionMethod;
  /** How many principal axes to keep. Default all, and always all for `zca`. */
  readonly dimension?: number;
  /**
   * From 0 (default) to 1: axis variances `λ` become `(1 − shrinkage) · λ + shrinkage · mean(λ)`
   * before they are divided by. Keeps axes of little variance from being blown up.
   */
  readonly shrinkage?: number;
}

/**
 * Learns to centre vectors and to make their coordinates uncorrelated, of variance 1 if whitened.
 * Variances have `rows − 1` as divisor. The sign of an axis is such that its largest entry is
 * positive: the same vectors give the same bits. O(rows · inputDimension² + inputDimension³),
 * without yielding; float64 inside.
 *
 * @see Su et al., 2021, "Whitening sentence representations for better semantics and faster
 * retrieval", https://arxiv.org/abs/2103.15316 (`pca-whitening`); Kessy, Lewin and Strimmer, 2018,
 * "Optimal whitening and decorrelation", https://arxiv.org/abs/1512.00809 (`zca`); the formula of
 * `shrinkage` is scikit-learn's `shrunk_covariance`
 * @throws {RangeError} if an option is out of range, a selected present row is not finite, or the
 * rows do not span `dimension` axes (too few, or dependent) and there is no `shrinkage`, or are all the same
 */
export function fitWhitening(
  vectors: ItemVectors,
  {
    rows,
    method = 'pca-whitening',
    dimension = vectors.dimension,
    shrinkage = 0,
  }: FitWhiteningOptions = {},
): Projection {
  checkVectors('fitWhitening', vectors);
  checkOptions(vectors.dimension, { method, dimension, shrinkage });
  const selected = selectRows(vectors, rows);
  const mean = meanOfRows(vectors, selected);
  checkRowCount(selected.length, dimension, shrinkage);

  const inputDimension = vectors.dimension;
  const eigen = symmetricEigen(lowerCovariance(vectors, selected, mean), inputDimension);
  const totalVariance = eigen.values.reduce((sum, value) => sum + value, 0);
  const rank = rankOf(eigen, secondMoment(vectors, selected));
  checkRank(rank, shrinkage === 0 ? dimension : 1);
  const scales = axisScales(eigen.values.subarray(0, dimension), {
    method,
    shrinkage,
    meanVariance: totalVariance / inputDimension,
  });
  return projection({
    method,
    inputDimension,
    dimension,
    mean,
    components:
      method === 'zca'
        ? turnedBack(eigen, scales)
        : scaledRows(eigen.vectors.subarray(0, dimension * inputDimension), scales),
    // Rounding can leave a variance of nothing below zero.
    explainedVariance: eigen.values.subarray(0, dimension).map((value) => Math.max(0, value)),
    totalVariance,
    rowCount: selected.length,
  });
}

type Checked = Required<Omit<FitWhiteningOptions, 'rows'>>;

function checkOptions(inputDimension: number, { method, dimension, shrinkage }: Checked): void {
  if (!['pca', 'pca-whitening', 'zca'].includes(method)) {
    throw actionable(
      new RangeError(`method must be 'pca', 'pca-whitening' or 'zca', got ${quote(method)}`),
    );
  }
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > inputDimension) {
    throw actionable(
      new RangeError(
        `dimension must be an integer from 1 to that of the vectors, ${inputDimension}, got ${dimension}`,
      ),
    );
  }
  if (method === 'zca' && dimension < inputDimension) {
    throw actionable(
      new RangeError(
        `'zca' keeps all ${inputDimension} dimensions, got ${dimension}. Use 'pca-whitening' for fewer.`,
      ),
    );
  }
  if (!(shrinkage >= 0 && shrinkage <= 1)) {
    throw actionable(new RangeError(`shrinkage must be from 0 to 1, got ${shrinkage}`));
  }
  if (method === 'pca' && shrinkage > 0) {
    throw actionable(
      new RangeError(`shrinkage changes nothing for 'pca', which divides by no variance`),
    );
  }
}

function checkRowCount(rowCount: number, dimension: number, shrinkage: number): void {
  const needed = shrinkage > 0 ? 2 : dimension + 1;
  if (rowCount >= needed) return;
  throw actionable(
    new RangeError(
      `Fitting ${dimension} dimensions needs at least ${needed} rows with a vector, got ${rowCount}. ` +
        'Ask for fewer dimensions or, to whiten, give shrinkage.',
    ),
  );
}

/**
 * Along how many axes the rows vary. A variance this small is only rounding: of the float32 input
 * (steps of 2⁻²⁴ of a value), or of the float64 arithmetic.
 */
function rankOf({ values }: Eigen, moment: number): number {
  const noise = moment * 2 ** -46 + values[0]! * values.length * Number.EPSILON;
  return values.filter((value) => value > noise).length;
}

function checkRank(rank: number, dimension: number): void {
  if (rank >= dimension) return;
  if (rank === 0) {
    const problem = 'The rows vary along 0 axes: all are the same vector';
    throw actionable(new RangeError(`${problem}. Select rows that differ.`));
  }
  throw actionable(
    new RangeError(
      `The rows vary along ${rank} axes only, fewer than the ${dimension} dimensions asked for. ` +
        `Ask for at most ${rank} or, to whiten, give shrinkage.`,
    ),
  );
}

/** Mean of the squared values, not centred. */
function secondMoment({ dimension, vectors }: ItemVectors, rows: Uint32Array): number {
  let sum = 0;
  for (const row of rows) {
    for (let at = row * dimension; at < (row + 1) * dimension; at++) sum += vectors[at]! ** 2;
  }
  return sum / (rows.length * dimension);
}

function axisScales(
  variances: Float64Array,
  {
    method,
    shrinkage,
    meanVariance,
  }: { method: ProjectionMethod; shrinkage: number; meanVariance: number },
): Float64Array {
  if (method === 'pca') return variances.map(() => 1);
  return variances.map((variance) => {
    return 1 / Math.sqrt((1 - shrinkage) * Math.max(0, variance) + shrinkage * meanVariance);
  });
}

function scaledRows(vectors: Float64Array, scales: Float64Array): Float64Array {
  const size = vectors.length / scales.length;
  return vectors.map((value, at) => value * scales[Math.floor(at / size)]!);
}

/** `Σ scale · v · vᵀ`: whitened along the axes, then turned back. */
function turnedBack({ vectors }: Eigen, scales: Float64Array): Float64Array {
  const size = scales.length;
  const matrix = new Float64Array(size * size);
  for (let axis = 0; axis < size; axis++) {
    const vector = vectors.subarray(axis * size, (axis + 1) * size);
    for (let row = 0; row < size; row++) {
      const factor = scales[axis]! * vector[row]!;
      const start = row * size;
      for (let column = 0; column < size; column++)
        matrix[start + column]! += factor * vector[column]!;
    }
  }
  return matrix;
}
