import type { DrawOptions } from '../batch/draw-options.ts';
import { rowSampler } from '../batch/row-sampler.ts';
import type { NegativeSampler } from '../negative-sampler.ts';
import type { DistributionOf } from './distribution.ts';
import { createRowPool } from './row-pool.ts';

/** Draws from a distribution, scaled up over what each row does not exclude. */
export function distributionSampler(
  distributionOf: DistributionOf,
  { replacement = false, tooFew = 'throw' }: DrawOptions,
): NegativeSampler {
  const pool = createRowPool();
  return rowSampler((batch) => {
    const distribution = distributionOf(batch);
    return {
      open(row) {
        pool.open(distribution, batch, row);
        const available = pool.candidateCount();
        // What is put back can be drawn any number of times.
        return replacement && available > 0 ? Infinity : available;
      },
      draw({ negatives, count, start }, random) {
        for (let index = start; index < start + count; index++) {
          const item = pool.draw(random);
          negatives.items[index] = item;
          negatives.logProbabilities[index] = pool.logProbability(item);
          if (!replacement) pool.remove(item);
        }
      },
      logProbability: (item) => (pool.isExcluded(item) ? -Infinity : pool.logProbability(item)),
    };
  }, tooFew);
}
