import { actionable } from '@rodpo/errors';
import type { ItemVectors } from '../item-vectors.ts';
import { checkVectors } from './check-vectors.ts';
import { type RowSelection, selectRows } from './select-rows.ts';

export interface MeanVectorOptions {
  /** Items to take the mean over: those of training, if it is fed to a model. Default all. */
  readonly rows?: RowSelection;
}

/**
 * Mean of the vectors that are there: `[dimension]`.
 *
 * @throws {RangeError} if no selected item has a vector, or one is not finite
 */
export function meanVector(source: ItemVectors, { rows }: MeanVectorOptions = {}): Float32Array {
  checkVectors('meanVector', source);
  return Float32Array.from(meanOfRows(source, selectRows(source, rows)));
}

/** The same over rows already selected, in float64. */
export function meanOfRows(source: ItemVectors, rows: Uint32Array): Float64Array {
  const { dimension, vectors } = source;
  if (rows.length === 0) {
    throw actionable(
      new RangeError('None of the selected items has a vector, so there is nothing to average'),
    );
  }
  const mean = new Float64Array(dimension);
  for (const row of rows) {
    for (let axis = 0; axis < dimension; axis++) {
      const value = vectors[row * dimension + axis]!;
      if (!Number.isFinite(value)) {
        throw actionable(new RangeError(`Row ${row} holds ${value}. Mark it as absent.`));
      }
      mean[axis]! += value;
    }
  }
  return mean.map((sum) => sum / rows.length);
}
