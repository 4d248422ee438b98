import { checkBatch } from '../check-batch.ts';
import { checkCount } from '../check-count.ts';
import { checkItems } from '../check-items.ts';
import type { NegativeSampler } from '../negative-sampler.ts';
import { negativesOf } from '../negatives-of.ts';
import { PoolTooSmallError } from '../pool-too-small-error.ts';
import type { DistributionOf } from './distribution.ts';
import { createRowPool } from './row-pool.ts';

/** Draws from a distribution, scaled up over what each row does not exclude. */
export function distributionSampler(
  distributionOf: DistributionOf,
  replacement: boolean,
): NegativeSampler {
  const pool = createRowPool();
  return {
    sample(batch, count, random, into) {
      checkCount(count);
      checkBatch(batch);
      const distribution = distributionOf(batch);
      const negatives = negativesOf(batch.rowCount, count, into);
      const needed = replacement ? Math.min(count, 1) : count;
      for (let row = 0; row < batch.rowCount; row++) {
        pool.open(distribution, batch, row);
        const available = pool.candidateCount();
        if (available < needed) throw new PoolTooSmallError(available, count, row);
        for (let index = row * count; index < (row + 1) * count; index++) {
          const item = pool.draw(random);
          negatives.items[index] = item;
          negatives.logProbabilities[index] = pool.logProbability(item);
          if (!replacement) pool.remove(item);
        }
      }
      return negatives;
    },

    logProbabilities(batch, items, count) {
      checkCount(count);
      checkBatch(batch);
      checkItems(items, batch.rowCount, count);
      const distribution = distributionOf(batch);
      const logProbabilities = new Float32Array(items.length).fill(-Infinity);
      for (let row = 0; row < batch.rowCount; row++) {
        pool.open(distribution, batch, row);
        for (let index = row * count; index < (row + 1) * count; index++) {
          const item = items[index]!;
          if (!pool.isExcluded(item)) logProbabilities[index] = pool.logProbability(item);
        }
      }
      return logProbabilities;
    },
  };
}
