import { actionable } from '@rodpo/errors';
import type { ItemVectors } from '../item-vectors.ts';
import { checkVectors } from './check-vectors.ts';
import { selectRows } from './select-rows.ts';

/** Items that share one pass over the components, which can be larger than the cache. */
const together = 4;

/** The map `y = components · (x − mean)`. */
export interface LinearMap {
  readonly inputDimension: number;
  readonly dimension: number;
  readonly mean: Float64Array;
  readonly components: Float64Array;
}

/** Maps every present item, in float64 before it is stored; absent ones stay absent. */
export function project(source: ItemVectors, map: LinearMap): ItemVectors {
  checkVectors('apply', source);
  const { inputDimension, dimension } = map;
  if (source.dimension !== inputDimension) {
    throw actionable(
      new RangeError(
        `This projection takes vectors of dimension ${inputDimension}, got ${source.dimension}`,
      ),
    );
  }
  const vectors = new Float32Array(source.present.length * dimension);
  const centred = new Float64Array(together * inputDimension);
  const rows = selectRows(source);
  for (let from = 0; from < rows.length; from += together) {
    const group = rows.subarray(from, from + together);
    centre(source, group, { mean: map.mean, centred });
    multiply(map, centred, (axis, values) => {
      for (const [index, row] of group.entries()) vectors[row * dimension + axis] = values[index]!;
    });
  }
  checkFinite(vectors, rows, dimension);
  return { dimension, vectors, present: source.present.slice() };
}

function centre(
  { dimension, vectors }: ItemVectors,
  group: Uint32Array,
  { mean, centred }: { mean: Float64Array; centred: Float64Array },
): void {
  for (const [index, row] of group.entries()) {
    for (let axis = 0; axis < dimension; axis++) {
      centred[index * dimension + axis] = vectors[row * dimension + axis]! - mean[axis]!;
    }
  }
}

/** Calls `store` with one axis of `components · x` for all vectors `[together, inputDimension]`. */
function multiply(
  { components, inputDimension, dimension }: LinearMap,
  vectors: Float64Array,
  store: (axis: number, values: readonly number[]) => void,
): void {
  const first = vectors.subarray(0, inputDimension);
  const second = vectors.subarray(inputDimension, 2 * inputDimension);
  const third = vectors.subarray(2 * inputDimension, 3 * inputDimension);
  const fourth = vectors.subarray(3 * inputDimension);
  for (let row = 0; row < dimension; row++) {
    const start = row * inputDimension;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let axis = 0; axis < inputDimension; axis++) {
      const weight = components[start + axis]!;
      a += weight * first[axis]!;
      b += weight * second[axis]!;
      c += weight * third[axis]!;
      d += weight * fourth[axis]!;
    }
    store(row, [a, b, c, d]);
  }
}

function checkFinite(vectors: Float32Array, rows: Uint32Array, dimension: number): void {
  for (const row of rows) {
    if (vectors.subarray(row * dimension, (row + 1) * dimension).every(Number.isFinite)) continue;
    throw actionable(new RangeError(`apply: row ${row} is not finite. Mark it as absent.`));
  }
}
