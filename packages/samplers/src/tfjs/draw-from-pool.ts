import {
  add,
  any,
  cast,
  cumsum,
  equal,
  expandDims,
  logicalAnd,
  logicalNot,
  minimum,
  mul,
  scalar,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
  util,
} from '@tensorflow/tfjs-core';
import { floorDraw } from './draw-uniform.ts';

/**
 * One item per row, drawn uniformly from the row's pool: its `poolSize` best candidates that are
 * not excluded, or as many as there are. `poolSize` 1 gives the hardest one, whatever `uniform`
 * says. `[n]` int32.
 *
 * @param candidates `[n, c]` int32, distinct in each row, best first. `c` ≥ `poolSize` + `m`, or
 * all items when there are fewer: a shorter list makes the pool smaller where exclusions hit it.
 * @param excluded `[n, m]` int32, in any order; fillers that name no item are harmless. `m` < `c`,
 * so that something is left in every row.
 * @param uniform `[n]` float32 in [0, 1)
 * @throws {RangeError} if `poolSize` is not a positive integer, or `c` does not exceed `m`
 * @throws {Error} if the three tensors differ in their number of rows
 */
export function drawFromPool(
  candidates: Tensor,
  excluded: Tensor,
  uniform: Tensor,
  poolSize: number,
): Tensor1D {
  const [rows, candidateCount] = candidates.shape as [number, number];
  const width = excluded.shape[1]!;
  if (!Number.isInteger(poolSize) || poolSize < 1) {
    throw new RangeError(`poolSize must be a positive integer, got ${poolSize}`);
  }
  if (candidateCount <= width) {
    throw new RangeError(
      `candidates must outnumber the ${width} items excluded per row, got ${candidateCount}. ` +
        'Give poolSize more than are excluded, so that something is left to draw.',
    );
  }
  util.assertShapesMatch(excluded.shape, [rows, width], 'drawFromPool: excluded:');
  util.assertShapesMatch(uniform.shape, [rows], 'drawFromPool: uniform:');
  return tidy(() => {
    const matches = equal(expandDims(candidates, 2), expandDims(excluded, 1));
    const allowed = logicalNot(any(matches, 2));
    // Place of each allowed candidate among the allowed ones, from 1.
    const place = cumsum(cast(allowed, 'int32'), 1);
    const available = minimum(sum(cast(allowed, 'int32'), 1), scalar(poolSize, 'int32'));
    const drawn = expandDims(floorDraw(uniform, available), 1);
    const isDrawn = logicalAnd(allowed, equal(place, add(drawn, scalar(1, 'int32'))));
    return sum(mul(candidates, cast(isDrawn, 'int32')), 1) as Tensor1D;
  });
}
