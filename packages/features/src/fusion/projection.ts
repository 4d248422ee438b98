import { actionable } from '@rodpo/errors';
import type { ItemVectors } from '../item-vectors.ts';
import { project } from './project.ts';

/** How a projection was fitted: see `fitWhitening`. */
export type ProjectionMethod = 'pca' | 'pca-whitening' | 'zca';

/** All that a projection is: plain data, to be kept as JSON or as tensors. */
export interface ProjectionData {
  readonly method: ProjectionMethod;
  /** Dimension of the vectors it takes. */
  readonly inputDimension: number;
  /** Dimension of the vectors it makes. */
  readonly dimension: number;
  /** `[inputDimension]`, subtracted first. */
  readonly mean: ArrayLike<number>;
  /** `[dimension, inputDimension]`, row-major, scaling of the whitening included. */
  readonly components: ArrayLike<number>;
  /** `[dimension]`: variance of the fitted rows along each principal axis, descending. */
  readonly explainedVariance: ArrayLike<number>;
  /** Variance of the fitted rows along all axes, to divide `explainedVariance` by. */
  readonly totalVariance: number;
  /** How many rows it was fitted on. */
  readonly rowCount: number;
}

/** A fitted linear map `y = components · (x − mean)`. */
export interface Projection extends ProjectionData {
  readonly mean: Float64Array;
  readonly components: Float64Array;
  readonly explainedVariance: Float64Array;
  /**
   * Maps every present item; absent ones stay absent.
   *
   * @throws {RangeError} if the dimension is not `inputDimension`, or a present row is not finite
   */
  apply(vectors: ItemVectors): ItemVectors;
  /** The data with plain arrays: `projection(JSON.parse(JSON.stringify(it)))` has the same bits. */
  toJSON(): ProjectionData;
}

/**
 * A projection from the data of one that was fitted before, elsewhere perhaps.
 *
 * @throws {RangeError} if the arrays do not fit the dimensions, or hold something not finite
 */
export function projection(data: ProjectionData): Projection {
  const { method, inputDimension, dimension, totalVariance, rowCount } = data;
  const mean = floats('mean', data.mean, inputDimension);
  const components = floats('components', data.components, dimension * inputDimension);
  const explainedVariance = floats('explainedVariance', data.explainedVariance, dimension);
  const fields = { method, inputDimension, dimension, totalVariance, rowCount };
  return {
    ...fields,
    mean,
    components,
    explainedVariance,
    apply: (vectors) => project(vectors, { ...fields, mean, components }),
    toJSON: () => ({
      ...fields,
      mean: [...mean],
      components: [...components],
      explainedVariance: [...explainedVariance],
    }),
  };
}

function floats(name: string, values: ArrayLike<number>, length: number): Float64Array {
  if (values.length !== length) {
    throw actionable(new RangeError(`${name} must hold ${length} values, got ${values.length}`));
  }
  const copy = Float64Array.from(values);
  if (copy.every(Number.isFinite)) return copy;
  throw actionable(new RangeError(`${name} must hold finite numbers only`));
}
