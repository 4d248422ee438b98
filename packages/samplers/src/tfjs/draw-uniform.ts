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
  scalar,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor1d,
  tidy,
  util,
} from '@tensorflow/tfjs-core';

/**
 * One item per row, every item but the row's excluded ones equally likely: `[n]` int32.
 *
 * @param excluded `[n, m]` int32, distinct and ascending in each row; entries of `itemCount` or
 * more, at the end, are fillers. `m` < `itemCount`, so that something is left in every row.
 * @param uniform `[n]` float32 in [0, 1)
 * @throws {RangeError} if `itemCount` is not an integer above `m`
 * @throws {Error} if `excluded` and `uniform` differ in their number of rows
 */
export function drawUniform(excluded: Tensor, uniform: Tensor, itemCount: number): Tensor1D {
  const [rows, width] = excluded.shape as [number, number];
  if (!Number.isInteger(itemCount) || itemCount <= width) {
    throw new RangeError(
      `itemCount must be an integer above the ${width} items excluded per row, got ${itemCount}. ` +
        'Exclude fewer, so that something is left to draw.',
    );
  }
  util.assertShapesMatch(uniform.shape, [rows], 'drawUniform: uniform:');
  return tidy(() => {
    const isReal = less(excluded, itemCount);
    const available = sub(scalar(itemCount, 'int32'), sum(cast(isReal, 'int32'), -1));
    const rank = floorDraw(uniform, available);
    // The excluded item at place j lies at or below the drawn one when e_j − j ≤ rank, and each
    // such item moves the draw up by one.
    const places = Int32Array.from({ length: width }, (_, place) => place);
    const shifted = sub(excluded, tensor1d(places));
    const below = logicalAnd(isReal, lessEqual(shifted, expandDims(rank, 1)));
    return add(rank, sum(cast(below, 'int32'), -1)) as Tensor1D;
  });
}

/**
 * `floor(uniform · count)`, never `count` itself: a double just below 1 is 1 in float32. `[n]`
 * int32.
 */
export function floorDraw(uniform: Tensor, count: Tensor): Tensor {
  const scaled = cast(floor(mul(uniform, cast(count, 'float32'))), 'int32');
  return minimum(scaled, sub(count, scalar(1, 'int32')));
}
