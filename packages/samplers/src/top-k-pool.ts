import type { NegativeSampler, UniformRandom } from './negative-sampler.ts';
import { PoolTooSmallError } from './pool-too-small-error.ts';
import { topItems } from './top-items.ts';

export interface TopKPoolOptions {
  /** How many of the best-scored items to draw from: 1 is hardest, `itemCount` is uniform. */
  readonly poolSize: number;
}

/**
 * Stochastic hard negatives: uniform draws, without replacement, from the `poolSize` items that
 * the policy scores highest among those not excluded.
 *
 * @see Huang et al., 2026, https://arxiv.org/abs/2603.29259 (the dynamic top-K pool)
 * @throws {RangeError} if `poolSize` is not a positive integer, `count` is not an integer from 0,
 * or a score is NaN
 * @throws {PoolTooSmallError} if a query leaves fewer candidates than `count`
 */
export function topKPool({ poolSize }: TopKPoolOptions): NegativeSampler {
  if (!Number.isInteger(poolSize) || poolSize < 1) {
    throw new RangeError(`poolSize must be a positive integer, got ${poolSize}`);
  }
  return ({ scores, excluded }, count, random) => {
    if (!Number.isInteger(count) || count < 0) {
      throw new RangeError(`count must be an integer from 0, got ${count}`);
    }
    const broken = scores.findIndex(Number.isNaN);
    if (broken >= 0) throw new RangeError(`scores must be numbers, got NaN for item ${broken}`);
    const pool = topItems(scores, Math.min(poolSize, scores.length), excluded);
    if (pool.length < count) throw new PoolTooSmallError(pool.length, count);
    return drawDistinct(pool, count, random);
  };
}

/** The first steps of a Fisher–Yates shuffle. */
function drawDistinct(pool: Int32Array, count: number, random: UniformRandom): Int32Array {
  for (let drawn = 0; drawn < count; drawn++) {
    const picked = drawn + Math.floor(random() * (pool.length - drawn));
    [pool[drawn], pool[picked]] = [pool[picked]!, pool[drawn]!];
  }
  return pool.slice(0, count);
}
