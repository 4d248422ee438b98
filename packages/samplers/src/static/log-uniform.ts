import { requirePositiveInteger } from '@rodpo/errors';
import { checkScoreCount } from '../batch/check-score-count.ts';
import type { DrawOptions } from '../batch/draw-options.ts';
import type { NegativeSampler } from '../negative-sampler.ts';
import { type Distribution, supportOf } from './distribution.ts';
import { distributionSampler } from './distribution-sampler.ts';

export interface LogUniformOptions extends DrawOptions {
  /** How many items the catalogue has: they are 0 to `itemCount - 1`. */
  readonly itemCount: number;
  /**
   * Which item has which rank, the most frequent first, `[itemCount]`. Default: an item's number is
   * its rank.
   */
  readonly order?: Int32Array;
}

/**
 * Nearly Zipf's law over ranks: the item of rank `k` from 0 has
 * `q = (log(k + 2) - log(k + 1)) / log(itemCount + 1)`, scaled up over the items that a row does
 * not exclude. For catalogues in order of falling frequency, when the counts themselves are not
 * known.
 *
 * @see TensorFlow's `tf.random.log_uniform_candidate_sampler`, whose distribution this is
 * @throws {RangeError} if `itemCount` is not a positive integer, or `order` does not hold every
 * item once
 */
export function logUniform({ itemCount, order, ...draws }: LogUniformOptions): NegativeSampler {
  requirePositiveInteger('itemCount', itemCount);
  if (order) checkOrder(order, itemCount);

  const weights = new Float64Array(itemCount);
  for (let rank = 0; rank < itemCount; rank++) {
    weights[order ? order[rank]! : rank] = Math.log1p(1 / (rank + 1));
  }
  const logRange = Math.log(itemCount + 1);
  const distribution: Distribution = {
    ...supportOf(weights),
    weights,
    propose: (random) => {
      // The last rank for a draw so near to 1 that the exponential rounds up to itemCount + 1.
      const rank = Math.min(Math.floor(Math.exp(random() * logRange)), itemCount) - 1;
      return order ? order[rank]! : rank;
    },
  };
  return distributionSampler(({ scores, rowCount }) => {
    if (scores) checkScoreCount(scores, rowCount, itemCount);
    return distribution;
  }, draws);
}

function checkOrder(order: Int32Array, itemCount: number): void {
  const seen = new Set(order);
  const isWhole = seen.size === itemCount && order.every((item) => item >= 0 && item < itemCount);
  if (isWhole && order.length === itemCount) return;
  throw new RangeError(
    `order must hold each of ${itemCount} items once, got ${order.length} with ${seen.size} ` +
      'different',
  );
}
