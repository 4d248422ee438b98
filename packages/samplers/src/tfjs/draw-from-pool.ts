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
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
} from '@tensorflow/tfjs-core';
import { floorDraw } from './draw-uniform.ts';

/**
 * One item per row, drawn uniformly from the row's pool: its `poolSize` best candidates that are
 * not excluded. `poolSize` 1 gives the hardest one, whatever `uniform` says. `[n]` int32.
 *
 * @param candidates `[n, c]` int32, best first, `c` ≥ `poolSize` + `m` so that exclusions can
 * never empty the pool (or all items, when there are fewer)
 * @param excluded `[n, m]` int32; fillers that name no item are harmless
 * @param uniform `[n]` float32 in [0, 1)
 */
export function drawFromPool(
  candidates: Tensor,
  excluded: Tensor,
  uniform: Tensor,
  poolSize: number,
): Tensor1D {
  return tidy(() => {
    const matches = equal(expandDims(candidates, 2), expandDims(excluded, 1));
    const allowed = logicalNot(any(matches, 2));
    // Place of each allowed candidate among the allowed ones, from 1.
    const place = cumsum(cast(allowed, 'int32'), 1);
    const available = minimum(sum(cast(allowed, 'int32'), 1), poolSize);
    const drawn = expandDims(floorDraw(uniform, available), 1);
    const isDrawn = logicalAnd(allowed, equal(place, add(drawn, 1)));
    return sum(mul(candidates, cast(isDrawn, 'int32')), 1) as Tensor1D;
  });
}
