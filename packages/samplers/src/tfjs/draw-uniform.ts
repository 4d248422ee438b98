import {
  add,
  cast,
  expandDims,
  floor,
  less,
  lessEqual,
  logicalAnd,
  minimum,
  mul,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * One item per row, every item but the row's excluded ones equally likely: `[n]` int32.
 *
 * @param excluded `[n, m]` int32, distinct and ascending in each row; entries of `itemCount` or
 * more, at the end, are fillers. Fewer than `itemCount` per row.
 * @param uniform `[n]` float32 in [0, 1)
 */
export function drawUniform(excluded: Tensor, uniform: Tensor, itemCount: number): Tensor1D {
  return tidy(() => {
    const isReal = less(excluded, itemCount);
    const available = sub(itemCount, sum(cast(isReal, 'int32'), -1));
    const rank = floorDraw(uniform, available);
    // The excluded item at place j lies at or below the drawn one when e_j − j ≤ rank, and each
    // such item moves the draw up by one.
    const places = Int32Array.from({ length: excluded.shape[1]! }, (_, place) => place);
    const shifted = sub(excluded, tensor1d(places));
    const below = logicalAnd(isReal, lessEqual(shifted, expandDims(rank, 1)));
    return add(rank, sum(cast(below, 'int32'), -1)) as Tensor1D;
  });
}

/** `floor(uniform · count)`, never `count` itself however float32 rounds: `[n]` int32. */
export function floorDraw(uniform: Tensor, count: Tensor): Tensor {
  const scaled = cast(floor(mul(uniform, cast(count, 'float32'))), 'int32');
  return minimum(scaled, sub(count, 1));
}
