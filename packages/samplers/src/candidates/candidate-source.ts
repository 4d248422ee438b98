import { requirePositiveInteger } from '@rodpo/errors';
import type { UniformRandom } from '@rodpo/random';
import { aliasTable } from '../static/alias-table.ts';
import { poweredCounts } from '../static/powered-counts.ts';

/** What a source can propose, each item once. */
export interface CandidateSupport {
  /** `[size]`. */
  readonly items: Int32Array;
  /** In proportion to how often each is proposed, above 0: `[size]`. */
  readonly weights: Float64Array;
}

/** A fixed distribution over the catalogue that shared candidates are drawn from. */
export interface CandidateSource {
  /** One item, as often as `probability` says; O(1) whatever the size of the catalogue. */
  readonly propose: (random: UniformRandom) => number;
  /** Of one proposal. */
  readonly probability: (item: number) => number;
  /** How many different items it can propose. */
  readonly size: number;
  /** How many proposals it amounts to when all that it can propose are candidates. */
  readonly proposalsOfAll: number;
  /** All that it can propose; asked where that, or nearly that, is wanted. May take a pass over the catalogue. */
  readonly support: () => CandidateSupport;
}

/**
 * Every item alike.
 *
 * @throws {RangeError} if `itemCount` is not a positive integer
 */
export function uniformCandidates(itemCount: number): CandidateSource {
  requirePositiveInteger('itemCount', itemCount);
  return {
    propose: (random) => Math.floor(random() * itemCount),
    probability: () => 1 / itemCount,
    size: itemCount,
    proposalsOfAll: Number.POSITIVE_INFINITY,
    support: () => ({
      items: Int32Array.from({ length: itemCount }, (_, item) => item),
      weights: new Float64Array(itemCount).fill(1),
    }),
  };
}

export interface PopularityCandidatesOptions {
  /** 0 makes all counted items alike, 1 keeps their shares. Default 1. */
  readonly exponent?: number;
  /**
   * Added to every count. Default 1: an item that is never a candidate is never pushed down, and
   * ranks above what has been.
   */
  readonly smoothing?: number;
}

/**
 * `q(i) ∝ (count_i + smoothing)^exponent`. Takes 20 bytes an item.
 *
 * @param counts how often each item occurs in the training data, `[itemCount]`
 * @throws {RangeError} if a count, `exponent` or `smoothing` is negative or not finite, or no item
 * could be drawn
 */
export function popularityCandidates(
  counts: ArrayLike<number>,
  { exponent = 1, smoothing = 1 }: PopularityCandidatesOptions = {},
): CandidateSource {
  const weights = poweredCounts(counts, { exponent, smoothing });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    propose: aliasTable(weights),
    probability: (item) => weights[item]! / total,
    size: weights.reduce((size, weight) => (weight > 0 ? size + 1 : size), 0),
    proposalsOfAll: Number.POSITIVE_INFINITY,
    support: () => ({
      items: Int32Array.from(weights.keys()).filter((item) => weights[item]! > 0),
      weights: weights.filter((weight) => weight > 0),
    }),
  };
}

/**
 * Nearly Zipf's law over ranks by falling count: rank `k` from 0 has `(log(k + 2) − log(k + 1)) /
 * log(itemCount + 1)`. Ties go to the lower index.
 *
 * @param counts how often each item occurs in the training data, `[itemCount]`
 * @see TensorFlow's `tf.random.log_uniform_candidate_sampler`, whose distribution this is
 * @throws {RangeError} if there are no items
 */
export function logUniformCandidates(counts: ArrayLike<number>): CandidateSource {
  const itemCount = counts.length;
  requirePositiveInteger('the number of counts', itemCount);
  const order = Int32Array.from({ length: itemCount }, (_, item) => item).sort(
    (a, b) => counts[b]! - counts[a]! || a - b,
  );
  const ranks = new Int32Array(itemCount);
  for (const [rank, item] of order.entries()) ranks[item] = rank;
  const logRange = Math.log(itemCount + 1);
  return {
    // The last rank for a draw so near to 1 that the exponential rounds up to itemCount + 1.
    propose: (random) => order[Math.min(Math.floor(Math.exp(random() * logRange)), itemCount) - 1]!,
    probability: (item) => Math.log1p(1 / (ranks[item]! + 1)) / logRange,
    size: itemCount,
    proposalsOfAll: Number.POSITIVE_INFINITY,
    support: () => ({
      items: order,
      weights: Float64Array.from(order, (_, rank) => Math.log1p(1 / (rank + 1))),
    }),
  };
}

/**
 * The chosen items of one batch, each as often as it stands there. How likely an item is among them
 * is asked of the training data, which the batch is a sample of.
 *
 * @param chosen items of this batch, repeats among them
 * @param popularity the shares of all items in the training data, such as `popularityCandidates(counts)`
 * @see Yi et al., "Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations",
 * RecSys 2019, https://doi.org/10.1145/3298689.3346996
 * @throws {RangeError} if nothing was chosen
 */
export function batchCandidates(
  chosen: Int32Array,
  popularity: Pick<CandidateSource, 'probability'>,
): CandidateSource {
  requirePositiveInteger('the number of chosen items', chosen.length);
  const counts = new Map<number, number>();
  for (const item of chosen) counts.set(item, (counts.get(item) ?? 0) + 1);
  return {
    propose: (random) => chosen[Math.floor(random() * chosen.length)]!,
    probability: popularity.probability,
    size: counts.size,
    proposalsOfAll: chosen.length,
    support: () => ({
      items: Int32Array.from(counts.keys()),
      weights: Float64Array.from(counts.values()),
    }),
  };
}
