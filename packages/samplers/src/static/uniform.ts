import { requirePositiveInteger } from '@rodpo/errors';
import { checkScoreCount } from '../batch/check-score-count.ts';
import type { DrawOptions } from '../batch/draw-options.ts';
import type { NegativeSampler } from '../negative-sampler.ts';
import type { Distribution } from './distribution.ts';
import { distributionSampler } from './distribution-sampler.ts';

export interface UniformOptions extends DrawOptions {
  /** How many items the catalogue has: they are 0 to `itemCount - 1`. */
  readonly itemCount: number;
}

/**
 * Every item that a row does not exclude, equally likely: `q(i) = 1 / candidates`.
 *
 * A draw takes O(1) while few items are excluded; rows that exclude most cost one pass over the
 * items.
 *
 * @see Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback", UAI 2009,
 * https://arxiv.org/abs/1205.2618
 * @throws {RangeError} if `itemCount` is not a positive integer
 */
export function uniform({ itemCount, ...draws }: UniformOptions): NegativeSampler {
  requirePositiveInteger('itemCount', itemCount);
  const distribution: Distribution = {
    support: Int32Array.from({ length: itemCount }, (_, item) => item),
    weights: new Float64Array(itemCount).fill(1),
    totalWeight: itemCount,
    propose: (random) => Math.floor(random() * itemCount),
  };
  return distributionSampler(({ scores, rowCount }) => {
    if (scores) checkScoreCount(scores, rowCount, itemCount);
    return distribution;
  }, draws);
}
