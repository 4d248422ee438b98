import type { ItemVectors } from '@rodpo/features';
import { seededRandom } from '@rodpo/random';
import fc from 'fast-check';

/** Vectors of the given rows, all present; a row that is null is absent. */
export function itemVectors(rows: readonly (readonly number[] | null)[]): ItemVectors {
  const dimension = rows.find((row) => row !== null)!.length;
  return {
    dimension,
    vectors: Float32Array.from(rows.flatMap((row) => row ?? Array<number>(dimension).fill(0))),
    present: Uint8Array.from(rows, (row) => (row ? 1 : 0)),
  };
}

/** Vectors whose coordinates are correlated, of several sizes, and not centred. */
export function correlatedVectors(rowCount: number, dimension: number, seed: number): ItemVectors {
  const random = seededRandom(seed);
  const mixing = Array.from({ length: dimension }, () =>
    Array.from({ length: dimension }, () => random() - 0.5),
  );
  return itemVectors(
    Array.from({ length: rowCount }, () => {
      const causes = Array.from({ length: dimension }, () => 2 * random() - 1);
      return mixing.map((row, axis) =>
        row.reduce((sum, weight, cause) => sum + weight * causes[cause]!, axis / 4),
      );
    }),
  );
}

/** Any vectors of `itemCount` items, some absent, present rows not zero. */
export function anyVectors(itemCount: number): fc.Arbitrary<ItemVectors> {
  const value = fc.integer({ min: -8, max: 8 }).map((number) => number / 2);
  const row = (dimension: number) =>
    fc.option(
      fc
        .array(value, { minLength: dimension, maxLength: dimension })
        .map((values) => (values.some(Boolean) ? values : values.fill(1))),
    );
  return fc.integer({ min: 1, max: 4 }).chain((dimension) =>
    fc.array(row(dimension), { minLength: itemCount, maxLength: itemCount }).map((rows) => ({
      dimension,
      vectors: Float32Array.from(rows.flatMap((row) => row ?? Array<number>(dimension).fill(0))),
      present: Uint8Array.from(rows, (row) => (row ? 1 : 0)),
    })),
  );
}

/** Mean of the products of every two coordinates about their means: `[dimension, dimension]`. */
export function covarianceOf({ dimension, vectors, present }: ItemVectors): number[] {
  const rows = [...present.keys()]
    .filter((row) => present[row] === 1)
    .map((row) => [...vectors.subarray(row * dimension, (row + 1) * dimension)]);
  const mean = Array.from({ length: dimension }, (_, axis) =>
    rows.reduce((sum, row) => sum + row[axis]! / rows.length, 0),
  );
  return mean.flatMap((left, a) =>
    mean.map((right, b) =>
      rows.reduce(
        (sum, row) => sum + ((row[a]! - left) * (row[b]! - right)) / (rows.length - 1),
        0,
      ),
    ),
  );
}

/** `[dimension, dimension]` of ones on the diagonal. */
export function identity(dimension: number): number[] {
  return Array.from({ length: dimension ** 2 }, (_, at) => (at % (dimension + 1) === 0 ? 1 : 0));
}
