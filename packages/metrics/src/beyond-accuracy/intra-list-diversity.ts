import { checkItem } from '../check-item.ts';
import { type CaseLists, eachList } from './case-lists.ts';
import { rowCountOf } from './row-count.ts';

/**
 * How different the items of each list are: the mean over its pairs of `1 − cosine`, from 0 (all
 * point one way) to 2. Shape `[caseCount]`. `vectors` describe the items: shape
 * `[itemCount, dimension]`, row after row.
 *
 * `NaN` for a list with fewer than two items, and for one with a zero vector, whose direction
 * nobody knows (SciPy decides the same). `caseMean` leaves such cases out and counts them.
 *
 * Exact in O(length · dimension) per list: `Σ cosine` over pairs is `(|Σ u|² − Σ |u|²) / 2` for
 * vectors `u` of length 1.
 *
 * @see Ziegler et al., "Improving Recommendation Lists Through Topic Diversification", WWW 2005;
 * Castells, Hurley and Vargas, Recommender Systems Handbook, 2015
 * @throws {RangeError} if an item has no vector, or `vectors` does not hold whole rows
 */
export function intraListDiversity(
  lists: CaseLists,
  vectors: ArrayLike<number>,
  dimension: number,
): Float64Array {
  const itemCount = rowCountOf('vectors', vectors.length, dimension);
  const sum = new Float64Array(dimension);
  const diversities: number[] = [];
  for (const list of eachList(lists)) {
    sum.fill(0);
    for (let place = 0; place < list.length; place++) {
      checkItem('item', list[place]!, itemCount);
      addDirection(sum, vectors, list[place]! * dimension);
    }
    const orderedPairs = list.length * (list.length - 1);
    const cosine = (squaredNorm(sum, 0, dimension) - list.length) / orderedPairs;
    // Rounding can leave −1e-16 where all point one way.
    diversities.push(orderedPairs > 0 ? Math.max(1 - cosine, 0) : Number.NaN);
  }
  return Float64Array.from(diversities);
}

/** Adds the vector at `start`, scaled to length 1. A zero vector makes the sum NaN. */
function addDirection(sum: Float64Array, vectors: ArrayLike<number>, start: number): void {
  const norm = Math.sqrt(squaredNorm(vectors, start, sum.length));
  for (let axis = 0; axis < sum.length; axis++) sum[axis]! += vectors[start + axis]! / norm;
}

function squaredNorm(values: ArrayLike<number>, start: number, dimension: number): number {
  let sum = 0;
  for (let axis = start; axis < start + dimension; axis++) sum += values[axis]! ** 2;
  return sum;
}
