import {
  add,
  cast,
  cumsum,
  expandDims,
  lessEqual,
  mul,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * Items lie side by side on a line, each as long as its mass. Takes points of the line without the
 * excluded items to the same points of the whole line, so to none of an excluded item. int32, so
 * exact. `[n, count]`.
 *
 * @param points `[n, count]` int32, from 0 and below the mass that is left
 * @param starts `[n, m]` int32, where each excluded item begins on the whole line; ascending
 * @param masses `[n, m]` int32, 0 for fillers
 */
export function skipExcluded(points: Tensor, starts: Tensor, masses: Tensor): Tensor {
  // An excluded item begins at this point of the line without any.
  const begins = sub(starts, cumsum(masses, 1, true));
  const isBefore = lessEqual(expandDims(begins, 1), expandDims(points, 2));
  return add(points, sum(mul(cast(isBefore, 'int32'), expandDims(masses, 1)), 2));
}
