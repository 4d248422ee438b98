import { splitEvenly } from '@rodpo/ops';
import {
  cast,
  concat,
  cumsum,
  expandDims,
  gather,
  greaterEqual,
  less,
  lessEqual,
  log,
  logicalAnd,
  max,
  minimum,
  mul,
  notEqual,
  range,
  reshape,
  scalar,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { Draws } from './draws.ts';
import type { Pool } from './pick-uniform.ts';
import { type PoolWeighting, poolWeights } from './pool-weights.ts';

/** Largest float32 below 1. A double just below 1 is 1 in float32, which would draw the total. */
const almostOne = 1 - 2 ** -24;

/** Items of the pool by their weights. `noise` `[n, count]`; the draws are like it. */
export function pickWeighted(
  { candidates, allowed, size, skip }: Pool,
  noise: Tensor2D,
  weighting: Exclude<PoolWeighting, 'uniform'>,
): Draws {
  // Place of each allowed candidate among the allowed ones, less those skipped: the pool's from 0.
  const place = sub(cumsum(cast(allowed, 'int32'), 1), scalar(skip + 1, 'int32'));
  const isWithin = logicalAnd(greaterEqual(place, scalar(0, 'int32')), less(place, size));
  const isPooled = logicalAnd(allowed, isWithin);
  const { weights, logWeights } = poolWeights(candidates.scores, isPooled, place, weighting);
  const places = pickDistinct(isPooled, weights, noise);
  const at = (values: Tensor) => gather(values, places as never, 1, 1);
  return {
    items: at(candidates.items),
    logProbabilities: sub(at(logWeights), log(lastColumn(cumsum(weights, 1)))),
  };
}

/** Columns drawn without putting back, by inverting the cumulative weights: `[n, count]` int32. */
function pickDistinct(isPooled: Tensor, weights: Tensor, noise: Tensor2D): Tensor {
  const [rows, width] = weights.shape as [number, number];
  const columns = expandDims(range(0, width, 1, 'int32'), 0);
  const uniform = minimum(noise, scalar(almostOne));
  let [remaining, left] = [isPooled, weights];
  const picked = splitEvenly(uniform, noise.shape[1], 1).map((uniform) => {
    const cumulative = cumsum(left, 1);
    const point = mul(uniform, lastColumn(cumulative));
    // The first column beyond the point has weight, so it remains. There is none only if all
    // that is left has underflowed to 0: then the last one that remains.
    const before = sum(cast(lessEqual(cumulative, point), 'int32'), 1, true);
    const last = max(where(remaining, columns, zerosLike(columns)), 1, true);
    const column = minimum(before, last);
    const isOther = notEqual(columns, column);
    remaining = logicalAnd(remaining, isOther);
    left = where(isOther, left, zerosLike(left));
    return column;
  });
  return reshape(concat(picked, 1), [rows, noise.shape[1]]);
}

/** `[n, 1]`. Not the sum: engines add up in different orders. */
function lastColumn(matrix: Tensor): Tensor {
  const [rows, width] = matrix.shape as [number, number];
  return slice(matrix, [0, width - 1], [rows, 1]);
}
