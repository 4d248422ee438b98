import { requirePositiveInteger } from '@rodpo/errors';
import { type Draws, rowSampler } from '../batch/row-sampler.ts';
import type { NegativeSampler } from '../negative-sampler.ts';
import { createPool } from './pool.ts';
import { rankOrder } from './rank-order.ts';
import { createScoredRows } from './scored-rows.ts';
import { selectTop } from './select-top.ts';

export interface HardestOptions {
  /** The rank of the first negative among the allowed items: 1, the default, is the hardest. */
  readonly rank?: number;
}

/**
 * The negatives of rank `rank`, `rank + 1`, … by score among the items a row does not exclude, ties
 * to the lower index. Nothing is random: `q` is 1 for the first of them and 0 for all others, so
 * the log-probability is 0 for the first negative of a row and −∞ for later ones. Needs `scores`.
 *
 * The hardest negatives are the likeliest false negatives: a few ranks further down are safer.
 *
 * @throws {RangeError} if `rank` is not a positive integer
 */
export function hardest({ rank = 1 }: HardestOptions = {}): NegativeSampler {
  requirePositiveInteger('rank', rank);
  const scoredRows = createScoredRows();
  const pool = createPool();
  let order = new Int32Array(0);
  const itemAt = (index: number) => pool.items[order[index]!];

  return rowSampler((batch, count) => {
    const rows = scoredRows(batch);
    return {
      open(row) {
        selectTop(pool, rows, row, rank - 1 + Math.max(count, 1));
        if (order.length < pool.size) order = new Int32Array(pool.items.length);
        rankOrder(order, pool);
        return Math.max(0, pool.candidateCount - (rank - 1));
      },
      draw({ negatives, start }: Draws) {
        for (let drawn = 0; drawn < count; drawn++) {
          negatives.items[start + drawn] = itemAt(rank - 1 + drawn)!;
          negatives.logProbabilities[start + drawn] = drawn === 0 ? 0 : -Infinity;
        }
      },
      logProbability: (item) => (pool.size >= rank && item === itemAt(rank - 1) ? 0 : -Infinity),
    };
  });
}
