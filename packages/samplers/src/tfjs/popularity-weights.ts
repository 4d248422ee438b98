import { poweredCounts } from '../static/powered-counts.ts';
import { floatIntegers } from './floor-draw.ts';

export interface PopularityWeightsOptions {
  /** 0 makes all counted items equally likely, 1 keeps their shares. Default 0.75. */
  readonly exponent?: number;
  /** Added to every count, so that items never seen can be drawn. Default 0. */
  readonly smoothing?: number;
}

const mostItems = 2 ** 22;

/**
 * Running totals of integer weights, for `drawWeighted`: item `i` weighs `totals[i] −
 * totals[i − 1]`, proportional to `(count_i + smoothing)^exponent` up to rounding. `[itemCount]`.
 *
 * The grand total is below 2^24, where float32 still holds every integer. Rounding moves an
 * item's probability `p` by less than `(1 + p · itemCount) · 2^-23`, and gives every item that has
 * a count at least weight 1; items without are never drawn. The log-probabilities of
 * `drawWeighted` are of the rounded weights.
 *
 * @param counts how often each item occurs in the training data, and in it only: `[itemCount]`
 * @see Mikolov et al., "Distributed Representations of Words and Phrases and their
 * Compositionality", NeurIPS 2013, https://arxiv.org/abs/1310.4546, section 2.2 (the exponent)
 * @throws {RangeError} if a count, `exponent` or `smoothing` is negative or not finite, no item
 * has a count, or there are more than 2^22 items
 */
export function popularityWeights(
  counts: ArrayLike<number>,
  { exponent = 0.75, smoothing = 0 }: PopularityWeightsOptions = {},
): Int32Array {
  const powers = poweredCounts(counts, { exponent, smoothing });
  if (counts.length > mostItems) {
    throw new RangeError(`counts must be of at most ${mostItems} items, got ${counts.length}`);
  }
  const sum = powers.reduce((a, b) => a + b);
  // By the counts: a power may underflow to 0.
  const isCounted = Array.from(counts, (count) => count + smoothing > 0);
  const counted = isCounted.filter(Boolean).length;
  // Rounding up adds less than 1 to each, so the total stays below 2^24.
  const scale = (floatIntegers - 1 - counted) / sum;
  let total = 0;
  return Int32Array.from(isCounted, (hasCount, item) => {
    if (hasCount) total += Math.max(1, Math.round(powers[item]! * scale));
    return total;
  });
}
