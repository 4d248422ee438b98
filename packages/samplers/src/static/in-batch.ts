import { checkChosen } from '../batch/check-chosen.ts';
import type { DrawOptions } from '../batch/draw-options.ts';
import type { NegativeSampler } from '../negative-sampler.ts';
import type { Distribution } from './distribution.ts';
import { distributionSampler } from './distribution-sampler.ts';

export type InBatchOptions = DrawOptions;

/**
 * The chosen items of the other rows: `q(i | row)` is the share of the rows holding `i` among the
 * rows whose chosen item is allowed. A row's own chosen item is not, whoever else chose it, nor is
 * what the row excludes. Needs `chosen`; wants large batches of mixed users.
 *
 * `logProbabilities` is that of the draw from this batch. Over many batches items come as often as
 * they occur in the training data: to correct a softmax for that, subtract `logQ` of those counts.
 *
 * @see Hidasi et al., "Session-based Recommendations with Recurrent Neural Networks", ICLR 2016,
 * https://arxiv.org/abs/1511.06939, section 3.1.2
 */
export function inBatch(options: InBatchOptions = {}): NegativeSampler {
  let weights = new Float64Array(0);
  let support = new Int32Array(0);

  return distributionSampler((batch): Distribution => {
    const chosen = checkChosen(batch);
    for (const item of support) weights[item] = 0;
    const itemCount = chosen.reduce((most, item) => Math.max(most, item + 1), 0);
    if (weights.length < itemCount) weights = new Float64Array(itemCount);
    for (const item of chosen) weights[item]! += 1;
    support = Int32Array.from(new Set(chosen));
    return {
      support,
      weights,
      totalWeight: chosen.length,
      propose: (random) => chosen[Math.floor(random() * chosen.length)]!,
      alsoExcluded: chosen,
    };
  }, options);
}
