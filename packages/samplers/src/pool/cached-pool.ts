import { requireInteger, requirePositiveInteger } from '@rodpo/errors';
import { rowSampler } from '../batch/row-sampler.ts';
import type { NegativeSampler, SamplerState, SamplingBatch } from '../negative-sampler.ts';
import { uniformDraw, weightedDraw } from './draw-from-pool.ts';
import { keptPools } from './kept-pools.ts';
import { createPool } from './pool.ts';
import { type PoolWeighting, weigherOf } from './pool-weighting.ts';
import { createScoredRows } from './scored-rows.ts';
import { selectTop } from './select-top.ts';

export interface CachedPoolOptions {
  /** How many pools there are to keep: `batch.keys` are 0 to `keyCount - 1`. */
  readonly keyCount: number;
  /** How many of the best-scored allowed items a pool holds. */
  readonly poolSize: number;
  /** The age in steps from which a pool is computed anew; 1: at every step. */
  readonly refreshEvery: number;
  /** How likely the items of a pool are, as the scores were when it was computed. */
  readonly weighting?: PoolWeighting;
}

/** What a cached pool remembers; plain arrays, to be saved with the model. */
export interface CachedPoolState extends SamplerState {
  /** `[keyCount, poolSize]`, each pool ascending; −1 after its last item. */
  readonly items: Int32Array;
  /** `[keyCount, poolSize]`, logarithms of the weights; empty where the weighting is uniform. */
  readonly logits: Float64Array;
  /** `[keyCount]`, the step at which each pool was computed; −1 if it never was. */
  readonly refreshedAt: Int32Array;
}

/** A sampler with a memory, which training that resumes must load again. */
export interface CachedPool extends NegativeSampler {
  /**
   * The rows whose scores the next call reads, ascending: the first row of each key whose pool is
   * missing or old. Those of other rows may hold anything, and where no row is due `scores` may be
   * left out.
   *
   * @throws {RangeError} if the batch has no keys, one is out of range, or `step` is not an
   * integer from 0
   */
  due(batch: SamplingBatch): Int32Array;
  /** A copy of what it remembers. */
  state(): CachedPoolState;
  /** @throws {RangeError} if the arrays are those of other options */
  load(state: CachedPoolState): void;
}

/**
 * `topKPool` with pools that are kept for some steps: the pool of a row's key is computed from its
 * scores if it is `refreshEvery` or more steps old, and drawn from as it is if it is younger. An
 * item that the row excludes is left out either way, so a kept pool may offer fewer than `poolSize`
 * items. `q` is as in `topKPool`, over what is left. Needs `keys`, and `scores` where rows are due.
 *
 * A pool leaves out what the row it was computed for excludes, also from other rows of its key. So
 * `refreshEvery: 1` is `topKPool` exactly where no two rows of a batch share a key. Asking for
 * probabilities computes due pools too.
 *
 * Memory: 4 bytes per item of a pool, or 12 with a weighting.
 *
 * @see Xiong et al., "Approximate Nearest Neighbor Negative Contrastive Learning for Dense Text
 * Retrieval", ICLR 2021, https://arxiv.org/abs/2007.00808 (negatives of a model some steps old)
 * @throws {RangeError} if an option is out of range
 */
export function cachedPool(options: CachedPoolOptions): CachedPool {
  const { keyCount, poolSize, refreshEvery, weighting = 'uniform' } = options;
  requirePositiveInteger('poolSize', poolSize);
  requirePositiveInteger('keyCount', keyCount);
  requirePositiveInteger('refreshEvery', refreshEvery);
  const weigh = weigherOf(weighting);
  const kept = keptPools({ keyCount, poolSize, hasLogits: weigh !== undefined });
  const scoredRows = createScoredRows();
  const pool = createPool();
  const { open, draw, logProbability } = weigh ? weightedDraw(pool) : uniformDraw(pool);

  const sampler = rowSampler((batch) => {
    const { keys, step } = keysOf(batch, keyCount);
    const anyDue = keys.some((key) => kept.isDue(key, step, refreshEvery));
    const rows = anyDue ? scoredRows(batch) : undefined;
    return {
      open(row) {
        const key = keys[row]!;
        if (kept.isDue(key, step, refreshEvery)) {
          selectTop(pool, rows!, row, poolSize);
          weigh?.(pool, step);
          kept.put(key, step, pool);
        }
        kept.take(key, pool);
        kept.leaveOut(pool, batch.excluded, row);
        open();
        return pool.size;
      },
      draw,
      logProbability,
    };
  });
  return {
    ...sampler,
    due(batch) {
      const { keys, step } = keysOf(batch, keyCount);
      const seen = new Set<number>();
      return Int32Array.from(keys.keys()).filter((row) => {
        const key = keys[row]!;
        if (seen.has(key)) return false;
        seen.add(key);
        return kept.isDue(key, step, refreshEvery);
      });
    },
    state: kept.state,
    load: kept.load,
  };
}

function keysOf({ keys, rowCount, step = 0 }: SamplingBatch, keyCount: number) {
  if (!keys) throw new RangeError('This sampler needs the keys of the batch, got none');
  if (keys.length !== rowCount) {
    throw new RangeError(`keys must have one element per row, ${rowCount}, got ${keys.length}`);
  }
  const broken = keys.findIndex((key) => key < 0 || key >= keyCount);
  if (broken >= 0) {
    throw new RangeError(
      `keys must be from 0 to ${keyCount - 1}, got ${keys[broken]} in row ${broken}`,
    );
  }
  requireInteger('step', step, { from: 0 });
  return { keys, step };
}
