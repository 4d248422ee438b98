import {
  add,
  broadcastTo,
  cast,
  cumsum,
  equal,
  expandDims,
  log,
  logicalAnd,
  logicalNot,
  minimum,
  mul,
  neg,
  scalar,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  unstack,
} from '@tensorflow/tfjs-core';
import type { Draws } from './draws.ts';
import { floorDraw } from './floor-draw.ts';
import type { Candidates } from './top-items.ts';

export interface Pool {
  readonly candidates: Candidates;
  /** `[n, c]` bool: not excluded. */
  readonly allowed: Tensor;
  /** `[n]` int32: how many of the allowed ones are not skipped. */
  readonly left: Tensor;
  /** int32 scalar. */
  readonly size: Tensor;
  /** How many of the best allowed ones the pool leaves out. */
  readonly skip: number;
}

/** Every item of the pool is equally likely. `noise` `[n, count]`; the draws are like it. */
export function pickUniform(
  { candidates, allowed, left, size, skip }: Pool,
  noise: Tensor2D,
): Draws {
  const first = scalar(skip + 1, 'int32');
  const available = minimum(left, size);
  let remaining = allowed;
  const items = unstack(noise, 1).map((uniform, drawn) => {
    // Place of each remaining candidate among the remaining ones, from 1.
    const place = cumsum(cast(remaining, 'int32'), 1);
    const rank = floorDraw(uniform, sub(available, scalar(drawn, 'int32')));
    const isDrawn = logicalAnd(remaining, equal(place, expandDims(add(rank, first), 1)));
    remaining = logicalAnd(remaining, logicalNot(isDrawn));
    return sum(mul(candidates.items, cast(isDrawn, 'int32')), 1);
  });
  const logProbability = expandDims(neg(log(cast(available, 'float32'))), 1);
  return {
    items: stack(items, 1),
    logProbabilities: broadcastTo(logProbability, noise.shape),
  };
}
