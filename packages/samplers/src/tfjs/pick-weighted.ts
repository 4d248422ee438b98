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
} from '@tensorflow/tfjs-core';
import type { Draws } from './draws.ts';
import type { Pool } from './pick-uniform.ts';
import { type PoolWeighting, type PoolWeights, poolWeights } from './pool-weights.ts';

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
  const { scores } = candidates;
  const weights = poolWeights({ scores, isPooled, place, count: noise.shape[1] }, weighting);
  const { columns, totals } = pickDistinct(isPooled, weights, noise);
  const at = (values: Tensor) => gather(values, columns as never, 1, 1);
  return {
    items: at(candidates.items),
    logProbabilities: sub(at(weights.logs), log(totals)),
  };
}

/**
 * Columns drawn without putting back, `[n, count]` int32, by inverting the cumulative weights, and the totals
 * that the first draw was of, `[n, 1]`.
 */
function pickDistinct(isPooled: Tensor, weights: PoolWeights, noise: Tensor2D) {
  const [rows, width] = isPooled.shape as [number, number];
  const numbers = expandDims(range(0, width, 1, 'int32'), 0);
  const uniform = minimum(noise, scalar(almostOne));
  const totals: Tensor[] = [];
  let remaining = isPooled;
  const picked = splitEvenly(uniform, noise.shape[1], 1).map((uniform) => {
    const cumulative = cumsum(weights.of(remaining), 1);
    const total = lastColumn(cumulative);
    totals.push(total);
    // The first column beyond the point has weight, so it remains. There is none only where nothing remains.
    const before = sum(cast(lessEqual(cumulative, mul(uniform, total)), 'int32'), 1, true);
    const column = minimum(before, scalar(width - 1, 'int32'));
    remaining = logicalAnd(remaining, notEqual(numbers, column));
    return column;
  });
  return { columns: reshape(concat(picked, 1), [rows, noise.shape[1]]), totals: totals[0]! };
}

/** `[n, 1]`. Not the sum: engines add up in different orders. */
function lastColumn(matrix: Tensor): Tensor {
  const [rows, width] = matrix.shape as [number, number];
  return slice(matrix, [0, width - 1], [rows, 1]);
}
