import { requireInteger, requireOneOf } from '@rodpo/errors';
import type {
  NegativeSampler,
  Negatives,
  SamplingBatch,
  UniformRandom,
} from '../negative-sampler.ts';
import { PoolTooSmallError } from '../pool-too-small-error.ts';
import { checkBatch } from './check-batch.ts';
import { checkItems } from './check-items.ts';
import type { TooFew } from './draw-options.ts';
import { negativesOf } from './negatives-of.ts';

/** Where the draws of a row go: `count` of them from index `start` on. */
export interface Draws {
  readonly negatives: Negatives;
  readonly count: number;
  start: number;
}

/** A batch that is gone through row by row. */
export interface BatchRows {
  /** Turns to a row; returns how many items can be drawn, Infinity if what is drawn is put back. */
  open(row: number): number;
  /** Draws from the open row, which leaves as many items or more. May spend what it leaves. */
  draw(draws: Draws, random: UniformRandom): void;
  /** `log q(item | row)` of the open row, before anything was drawn from it. */
  logProbability(item: number): number;
}

/**
 * A sampler whose rows do not depend on one another.
 *
 * @param begin takes a batch, and how many items are drawn per row (1 where only probabilities are
 * asked for)
 * @param tooFew what becomes of rows that leave fewer items than are drawn
 */
export function rowSampler(
  begin: (batch: SamplingBatch, count: number) => BatchRows,
  tooFew: TooFew = 'throw',
): NegativeSampler {
  requireOneOf('tooFew', tooFew, ['throw', 'none']);
  return {
    sample(batch, count, random, into) {
      requireInteger('count', count, { from: 0 });
      checkBatch(batch);
      const draws = { negatives: negativesOf(batch.rowCount, count, into), count, start: 0 };
      const rows = begin(batch, count);
      for (let row = 0; row < batch.rowCount; row++) {
        const available = rows.open(row);
        draws.start = row * count;
        if (available >= count) rows.draw(draws, random);
        else if (tooFew === 'none') drawNone(draws);
        else throw new PoolTooSmallError(available, count, row);
      }
      return draws.negatives;
    },

    logProbabilities(batch, items, count) {
      requireInteger('count', count, { from: 0 });
      checkBatch(batch);
      checkItems(items, batch.rowCount, count);
      const rows = begin(batch, 1);
      const logProbabilities = new Float32Array(items.length);
      for (let row = 0; row < batch.rowCount; row++) {
        rows.open(row);
        for (let index = row * count; index < (row + 1) * count; index++) {
          logProbabilities[index] = rows.logProbability(items[index]!);
        }
      }
      return logProbabilities;
    },
  };
}

function drawNone({ negatives, count, start }: Draws): void {
  negatives.items.fill(-1, start, start + count);
  negatives.logProbabilities.fill(Number.NEGATIVE_INFINITY, start, start + count);
}
