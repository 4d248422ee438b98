import { checkScoreCount } from '../batch/check-score-count.ts';
import type { DrawOptions } from '../batch/draw-options.ts';
import type { NegativeSampler } from '../negative-sampler.ts';
import { aliasTable } from './alias-table.ts';
import { type Distribution, supportOf } from './distribution.ts';
import { distributionSampler } from './distribution-sampler.ts';
import { poweredCounts } from './powered-counts.ts';

export interface PopularityOptions extends DrawOptions {
  /**
   * How often each item occurs in the training data, `[itemCount]`. In the training data only:
   * counts that include the validation or test part tell the model which items will be chosen.
   */
  readonly counts: ArrayLike<number>;
  /** 0 makes all counted items equally likely, 1 keeps their shares. Default 0.75. */
  readonly exponent?: number;
  /** Added to every count, so that items never seen can be drawn. Default 0. */
  readonly smoothing?: number;
}

/**
 * Popular items more often: `q(i) ∝ (count_i + smoothing)^exponent` over the items that a row does
 * not exclude. Items of count 0 are never drawn unless there is `smoothing`.
 *
 * A draw takes O(1) by an alias table; rows that exclude most of the mass cost one pass over the
 * items.
 *
 * @see Mikolov et al., "Distributed Representations of Words and Phrases and their
 * Compositionality", NeurIPS 2013, https://arxiv.org/abs/1310.4546, section 2.2 (the exponent)
 * @throws {RangeError} if a count, `exponent` or `smoothing` is negative or not finite, or no item
 * could be drawn
 */
export function popularity({
  counts,
  exponent = 0.75,
  smoothing = 0,
  ...draws
}: PopularityOptions): NegativeSampler {
  const weights = poweredCounts(counts, { exponent, smoothing });
  const { support, totalWeight } = supportOf(weights);
  const drawColumn = aliasTable(Float64Array.from(support, (item) => weights[item]!));
  const distribution: Distribution = {
    support,
    weights,
    totalWeight,
    propose: (random) => support[drawColumn(random)]!,
  };
  return distributionSampler(({ scores, rowCount }) => {
    if (scores) checkScoreCount(scores, rowCount, counts.length);
    return distribution;
  }, draws);
}
