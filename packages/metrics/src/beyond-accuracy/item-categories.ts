import { checkOffsets } from './check-offsets.ts';
import { rowCountOf } from './row-count.ts';

/** What share of each item belongs to each category, as a dense table or as sparse rows. */
export type ItemCategories = DenseCategories | SparseCategories;

export interface DenseCategories {
  readonly categoryCount: number;
  /** `[itemCount, categoryCount]`, at least 0. */
  readonly weights: ArrayLike<number>;
}

export interface SparseCategories {
  readonly categoryCount: number;
  /** `[itemCount + 1]`, ascending from 0: item `i` has entries `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: ArrayLike<number>;
  /** The category of each entry. */
  readonly categories: ArrayLike<number>;
  /** The weight of each entry, at least 0. By default 1. */
  readonly weights?: ArrayLike<number>;
}

/** Sparse rows whose weights sum to 1 in each item that has any. */
export interface CategoryRows {
  readonly itemCount: number;
  readonly offsets: ArrayLike<number>;
  readonly categories: ArrayLike<number>;
  readonly weights: Float64Array;
}

/**
 * @throws {RangeError} if a weight is negative or not finite, a category is out of range, or the arrays do not
 * fit each other
 */
export function categoryRows(given: ItemCategories): CategoryRows {
  const { categoryCount, offsets, categories, weights } =
    'offsets' in given ? given : fromDense(given);
  checkOffsets('categories', offsets, categories.length);
  if (weights && weights.length !== categories.length) {
    throw new RangeError(
      `expected a weight for each of ${categories.length} entries, got ${weights.length}. ` +
        'Leave weights out where all are 1.',
    );
  }
  const itemCount = offsets.length - 1;
  const shares = new Float64Array(categories.length);
  for (let item = 0; item < itemCount; item++) {
    let sum = 0;
    for (let entry = offsets[item]!; entry < offsets[item + 1]!; entry++) {
      const weight = weights?.[entry] ?? 1;
      checkEntry(categories[entry]!, categoryCount, weight);
      shares[entry] = weight;
      sum += weight;
    }
    for (let entry = offsets[item]!; entry < offsets[item + 1]! && sum > 0; entry++) {
      shares[entry]! /= sum;
    }
  }
  return { itemCount, offsets, categories, weights: shares };
}

function fromDense({ categoryCount, weights }: DenseCategories): SparseCategories {
  const itemCount = rowCountOf('weights', weights.length, categoryCount);
  const offsets = [0];
  const categories: number[] = [];
  const kept: number[] = [];
  for (let item = 0; item < itemCount; item++) {
    for (let category = 0; category < categoryCount; category++) {
      const weight = weights[item * categoryCount + category]!;
      if (weight === 0) continue;
      categories.push(category);
      kept.push(weight);
    }
    offsets.push(kept.length);
  }
  return { categoryCount, offsets, categories, weights: kept };
}

function checkEntry(category: number, categoryCount: number, weight: number): void {
  if (!Number.isInteger(category) || category < 0 || category >= categoryCount) {
    throw new RangeError(
      `category must be an integer from 0 to ${categoryCount - 1}, got ${category}. ` +
        'Categories are 0-based indices.',
    );
  }
  if (!(weight >= 0 && weight < Infinity)) {
    throw new RangeError(
      `expected a category weight of at least 0, got ${weight}. Pass shares or counts.`,
    );
  }
}
