import { requireInteger } from '@rodpo/errors';
import { stopGradient } from '@rodpo/ops';
import {
  cast,
  equal,
  expandDims,
  greater,
  greaterEqual,
  logicalAnd,
  maximum,
  reshape,
  scalar,
  sub,
  sum,
  type Tensor,
  tidy,
  util,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { MaskedDraws } from './draws.ts';
import { drawsLike } from './draws-like.ts';
import { noiseMatrix } from './noise-matrix.ts';
import { pickUniform } from './pick-uniform.ts';
import { pickWeighted } from './pick-weighted.ts';
import { checkWeighting, type PoolWeighting } from './pool-weights.ts';
import type { Candidates } from './top-items.ts';

export interface PoolOptions {
  /**
   * How many of the best candidates that are not excluded to draw from. An int32 scalar makes it
   * an input of the step, for a schedule; below the number of draws per row it counts as that.
   */
  readonly poolSize: number | Tensor;
  /** How many of the best to leave out of the pool: the likeliest false negatives. Default 0. */
  readonly skip?: number;
  /** How likely each item of the pool is. Default 'uniform'. */
  readonly weighting?: PoolWeighting;
}

/**
 * Draws from each row's pool: its `poolSize` best candidates that are not excluded, after `skip`
 * of them, or as many as there are. Several draws of a row are distinct, one after another without
 * putting back. `poolSize` 1 gives the best one, or the best but `skip`, whatever the noise.
 *
 * The logarithms are those of the first draw, whose distribution `weighting` names. A row is not `valid` if
 * scores of −Infinity leave it fewer candidates than it draws.
 *
 * @param candidates as `topItems` gives them; one with a score of −Infinity is never drawn. Their number
 * is at least `skip` + `poolSize` + `m`, or all items when there are fewer: with less, exclusions make the
 * pool smaller.
 * @param excluded `[n, m]` int32, in any order; fillers that name no item are harmless. `m` may
 * be 0.
 * @param noise `[n]` or `[n, count]` float32, uniform in [0, 1). There are at least `m` + `skip` +
 * `count` candidates, so that exclusions leave enough in every row.
 * @see Huang et al., 2026, https://arxiv.org/abs/2603.29259 (the dynamic top-K pool)
 * @throws {RangeError} if `poolSize` is not an integer from `count`, nor an int32 scalar, `skip` is
 * not an integer from 0, `weighting` is another, there are too few candidates, or the shape of
 * `noise` is another
 * @throws {Error} if the tensors differ in their number of rows, or the candidates in their shapes
 */
export function drawFromPool(
  candidates: Candidates,
  excluded: Tensor,
  noise: Tensor,
  { poolSize, skip = 0, weighting = 'uniform' }: PoolOptions,
): MaskedDraws {
  const [rows, candidateCount] = candidates.items.shape as [number, number];
  const width = excluded.shape[1]!;
  checkWeighting(weighting);
  util.assertShapesMatch(excluded.shape, [rows, width], 'drawFromPool: excluded:');
  util.assertShapesMatch(candidates.scores.shape, [rows, candidateCount], 'drawFromPool: scores:');
  return tidy(() => {
    const uniform = noiseMatrix(noise, rows);
    const count = uniform.shape[1];
    checkPoolSize(poolSize, count);
    checkEnough(candidateCount, width, skip, count);
    const matches = equal(expandDims(candidates.items, 2), expandDims(excluded, 1));
    const allowed = logicalAnd(
      equal(sum(cast(matches, 'int32'), 2), scalar(0, 'int32')),
      greater(candidates.scores, Number.NEGATIVE_INFINITY),
    );
    const left = sub(sum(cast(allowed, 'int32'), 1), scalar(skip, 'int32'));
    const pool = {
      candidates,
      allowed,
      left,
      size:
        typeof poolSize === 'number'
          ? scalar(poolSize, 'int32')
          : maximum(poolSize, scalar(count, 'int32')),
      skip,
    };
    const draws =
      weighting === 'uniform' ? pickUniform(pool, uniform) : pickWeighted(pool, uniform, weighting);
    const isValid = greaterEqual(left, scalar(count, 'int32'));
    const orZero = (values: Tensor) => where(expandDims(isValid, 1), values, zerosLike(values));
    return {
      ...drawsLike(noise, {
        items: orZero(draws.items),
        logProbabilities: orZero(draws.logProbabilities),
      }),
      valid: stopGradient(() => reshape(cast(isValid, 'float32'), [rows])),
    };
  });
}

function checkPoolSize(poolSize: number | Tensor, count: number): void {
  if (typeof poolSize !== 'number') {
    if (poolSize.rank === 0 && poolSize.dtype === 'int32') return;
    throw new RangeError(
      `poolSize must be a number or an int32 scalar, got ${poolSize.dtype} [${poolSize.shape}]`,
    );
  }
  if (Number.isInteger(poolSize) && poolSize >= count) return;
  throw new RangeError(
    `poolSize must be an integer of at least ${count}, the draws per row, got ${poolSize}`,
  );
}

function checkEnough(candidateCount: number, width: number, skip: number, count: number): void {
  requireInteger('skip', skip, { from: 0 });
  const needed = width + skip + count;
  if (candidateCount >= needed) return;
  throw new RangeError(
    `candidates must be at least ${needed} per row (${width} excluded, ${skip} skipped, ` +
      `${count} drawn), got ${candidateCount}. Take more of them, so that enough are left to draw.`,
  );
}
