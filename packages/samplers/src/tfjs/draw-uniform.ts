import {
  broadcastTo,
  cast,
  expandDims,
  less,
  log,
  neg,
  scalar,
  sub,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Draws } from './draws.ts';
import { drawsLike } from './draws-like.ts';
import { floatIntegers, floorDraw } from './floor-draw.ts';
import { noiseMatrix } from './noise-matrix.ts';
import { skipExcluded } from './skip-excluded.ts';

/**
 * Draws every item but the row's excluded ones with equal probability. Draws of a row are
 * independent, so an item may come twice.
 *
 * @param excluded `[n, m]` int32, distinct and ascending in each row; entries of `itemCount` or
 * more, at the end, are fillers. `m` < `itemCount`, so that something is left in every row.
 * @param noise `[n]` or `[n, count]` float32, uniform in [0, 1)
 * @throws {RangeError} if `itemCount` is not an integer above `m` and at most 2^24, or the shape of
 * `noise` is another
 */
export function drawUniform(excluded: Tensor, noise: Tensor, itemCount: number): Draws {
  const [rows, width] = excluded.shape as [number, number];
  if (!Number.isInteger(itemCount) || itemCount <= width || itemCount > floatIntegers) {
    throw new RangeError(
      `itemCount must be an integer above the ${width} items excluded per row and at most ` +
        `${floatIntegers}, got ${itemCount}. Exclude fewer, so that something is left to draw.`,
    );
  }
  return tidy(() => {
    const uniform = noiseMatrix(noise, rows);
    const isReal = cast(less(excluded, scalar(itemCount, 'int32')), 'int32');
    const available = expandDims(sub(scalar(itemCount, 'int32'), sum(isReal, 1)), 1);
    const items = skipExcluded(floorDraw(uniform, available), excluded, isReal);
    const logProbabilities = broadcastTo(neg(log(cast(available, 'float32'))), uniform.shape);
    return drawsLike(noise, { items, logProbabilities });
  });
}
