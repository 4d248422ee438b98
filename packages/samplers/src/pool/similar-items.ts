import { requirePositiveInteger } from '@rodpo/errors';
import type { ItemLists } from '../negative-sampler.ts';

export interface SimilarItemsOptions {
  /** The least cosine of two similar items, from −1 to 1. */
  readonly threshold: number;
}

/** So many vectors are compared with as many others while both are in the processor's cache. */
const BLOCK_SIZE = 64;
/** What the cosine of a vector with itself may lose to rounding. */
const ROUNDING = 1e-12;

/**
 * The items whose vectors have a cosine of `threshold` or more with each item's: one list per item,
 * ascending, without the item itself. A vector of zeros is like no other.
 *
 * Compares all pairs, in O(itemCount² · dimension) time, and keeps the similar ones only.
 *
 * @param vectors `[itemCount, dimension]`
 * @throws {RangeError} if `vectors` is no such array or holds what is not finite, `dimension` is not
 * a positive integer, or `threshold` is not from −1 to 1
 */
export function similarItems(
  vectors: Float32Array,
  dimension: number,
  { threshold }: SimilarItemsOptions,
): ItemLists {
  checkVectors(vectors, dimension);
  if (!(threshold >= -1 && threshold <= 1)) {
    throw new RangeError(`threshold must be from -1 to 1, got ${threshold}`);
  }
  const norms = normsOf(vectors, dimension);
  const itemCount = norms.length;
  const low: number[] = [];
  const high: number[] = [];
  const compare = (a: number, b: number) => {
    const product = norms[a]! * norms[b]!;
    if (product === 0) return;
    if (dot(vectors, dimension, a, b) < (threshold - ROUNDING) * product) return;
    low.push(a);
    high.push(b);
  };
  for (let block = 0; block < itemCount; block += BLOCK_SIZE) {
    const blockEnd = Math.min(block + BLOCK_SIZE, itemCount);
    for (let other = block; other < itemCount; other += BLOCK_SIZE) {
      const otherEnd = Math.min(other + BLOCK_SIZE, itemCount);
      for (let a = block; a < blockEnd; a++) {
        for (let b = Math.max(a + 1, other); b < otherEnd; b++) compare(a, b);
      }
    }
  }
  return bothWays(low, high, itemCount);
}

/** Products of float32 numbers are exact in float64, so only the sum is rounded. */
function dot(vectors: Float32Array, dimension: number, a: number, b: number): number {
  const startOfA = a * dimension;
  const startOfB = b * dimension;
  const even = dimension & ~1;
  let sum = 0;
  let other = 0; // two sums, so that an addition need not wait for the one before
  for (let index = 0; index < even; index += 2) {
    sum += vectors[startOfA + index]! * vectors[startOfB + index]!;
    other += vectors[startOfA + index + 1]! * vectors[startOfB + index + 1]!;
  }
  if (even < dimension) sum += vectors[startOfA + even]! * vectors[startOfB + even]!;
  return sum + other;
}

function normsOf(vectors: Float32Array, dimension: number): Float64Array {
  return Float64Array.from({ length: vectors.length / dimension }, (_, item) =>
    Math.sqrt(dot(vectors, dimension, item, item)),
  );
}

/** Each pair in the lists of both its items. */
function bothWays(low: readonly number[], high: readonly number[], itemCount: number): ItemLists {
  const offsets = new Int32Array(itemCount + 1);
  for (const ends of [low, high]) for (const item of ends) offsets[item + 1]! += 1;
  for (let item = 0; item < itemCount; item++) offsets[item + 1]! += offsets[item]!;
  const next = offsets.slice(0, itemCount);
  const items = new Int32Array(offsets[itemCount]!);
  for (let pair = 0; pair < low.length; pair++) {
    items[next[low[pair]!]!++] = high[pair]!;
    items[next[high[pair]!]!++] = low[pair]!;
  }
  for (let item = 0; item < itemCount; item++) {
    items.subarray(offsets[item], offsets[item + 1]).sort();
  }
  return { offsets, items };
}

function checkVectors(vectors: Float32Array, dimension: number): void {
  requirePositiveInteger('dimension', dimension);
  if (vectors.length % dimension !== 0) {
    throw new RangeError(
      `vectors must have ${dimension} elements per item, got ${vectors.length} elements`,
    );
  }
  const broken = vectors.findIndex((value) => !Number.isFinite(value));
  if (broken < 0) return;
  throw new RangeError(
    `vectors must be finite, got ${vectors[broken]} for item ${Math.floor(broken / dimension)}`,
  );
}
