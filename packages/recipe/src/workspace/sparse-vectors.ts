import type { NamedArray } from '@rodpo/files';

/** What vectors hold and where, `[itemCount, most]` each: a column repeats with a value of 0 as a filler. */
export interface SparseVectors {
  readonly columns: NamedArray;
  readonly values: NamedArray;
}

/** Of numbers in a vector, those that may be there: below it, sums of rows take less time than products. */
const mostShare = 1 / 16;

/**
 * Vectors without their zeros, or none if one of them has too many numbers for that to be faster. Those of
 * quantised codes have a handful of a thousand.
 *
 * @param vectors `[itemCount * dimension]`
 */
export function sparseVectors(vectors: Float32Array, dimension: number): SparseVectors | undefined {
  const itemCount = vectors.length / dimension;
  const most = fullest(vectors, dimension, mostShare * dimension);
  if (most === undefined) return undefined;
  const shape = [itemCount, most];
  const [columns, values] = [
    new Float32Array(itemCount * most),
    new Float32Array(itemCount * most),
  ];
  for (let item = 0; item < itemCount; item++) {
    let place = item * most;
    for (let column = 0; column < dimension; column++) {
      const value = vectors[item * dimension + column]!;
      if (value === 0) continue;
      columns[place] = column;
      values[place++] = value;
    }
  }
  return { columns: { shape, data: columns }, values: { shape, data: values } };
}

/** Most numbers that a vector holds, at least 1; none if there are more than `limit`. */
function fullest(vectors: Float32Array, dimension: number, limit: number): number | undefined {
  let most = 1;
  for (let begin = 0; begin < vectors.length; begin += dimension) {
    let count = 0;
    for (let at = begin; at < begin + dimension; at++) if (vectors[at] !== 0) count++;
    most = Math.max(most, count);
    if (most > limit) return undefined;
  }
  return most <= limit ? most : undefined;
}
