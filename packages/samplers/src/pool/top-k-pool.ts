import { rowSampler } from '../batch/row-sampler.ts';
import type { NegativeSampler } from '../negative-sampler.ts';
import { uniformDraw, weightedDraw } from './draw-from-pool.ts';
import { createPool } from './pool.ts';
import { type PoolSize, poolSizeOf } from './pool-size.ts';
import { type PoolWeighting, weigherOf } from './pool-weighting.ts';
import { createScoredRows } from './scored-rows.ts';
import { selectTop } from './select-top.ts';

export interface TopKPoolOptions {
  /** How many of the best-scored allowed items to draw from. */
  readonly poolSize: PoolSize;
  /** How likely they are among each other. Default `'uniform'`. */
  readonly weighting?: PoolWeighting;
}

/**
 * Stochastic hard negatives: draws from the `poolSize` items that the policy scores highest among
 * those a row does not exclude, ties to the lower index. `q` is `1 / poolSize` in the pool and 0
 * outside, or as the weighting says. Needs `scores`.
 *
 * Later draws of a row follow the same weights without the items already drawn; their log q is
 * that of a first draw. Items of weight 0 come only when the others are gone, with log q = −∞.
 * Every row takes `count` random numbers, and the pool of a row costs little more than one
 * comparison per item.
 *
 * @see Huang et al., 2026, https://arxiv.org/abs/2603.29259 (the dynamic top-K pool)
 * @throws {RangeError} if an option is out of range
 */
export function topKPool({ poolSize, weighting = 'uniform' }: TopKPoolOptions): NegativeSampler {
  const sizeOf = poolSizeOf(poolSize);
  const weigh = weigherOf(weighting);
  const scoredRows = createScoredRows();
  const pool = createPool();
  const { open, draw, logProbability } = weigh ? weightedDraw(pool) : uniformDraw(pool);

  return rowSampler((batch) => {
    const rows = scoredRows(batch);
    const step = batch.step ?? 0;
    const size = sizeOf(rows.itemCount, step);
    return {
      open(row) {
        selectTop(pool, rows, row, size);
        weigh?.(pool, step);
        open();
        return pool.size;
      },
      draw,
      logProbability,
    };
  });
}
