import { stopGradient } from '@rodpo/ops';
import {
  cast,
  concat,
  expandDims,
  gather,
  greater,
  less,
  log,
  maximum,
  minimum,
  mul,
  reshape,
  scalar,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { MaskedDraws } from './draws.ts';
import { drawsLike } from './draws-like.ts';
import { floorDraw } from './floor-draw.ts';
import { noiseMatrix } from './noise-matrix.ts';
import { skipExcluded } from './skip-excluded.ts';
import { upperBound } from './upper-bound.ts';

/**
 * Draws items by fixed weights, such as their popularity, but never an excluded one:
 * `q(i) = weight_i / (total weight − weights of the row's excluded items)`. Draws of a row are
 * independent, so an item may come twice. All comparisons are of integers, so exact.
 *
 * A row is not `valid` if the items that it does not exclude have no weight.
 *
 * @param excluded `[n, m]` int32, distinct and ascending in each row; entries of `itemCount` or
 * more, at the end, are fillers
 * @param noise `[n]` or `[n, count]` float32, uniform in [0, 1)
 * @param cumulativeWeights `[itemCount]` int32, running totals of the weights, ending below 2^24:
 * see `popularityWeights`
 * @throws {RangeError} if `cumulativeWeights` is not an int32 vector, or the shape of `noise` is
 * another
 */
export function drawWeighted(
  excluded: Tensor,
  noise: Tensor,
  cumulativeWeights: Tensor,
): MaskedDraws {
  const rows = excluded.shape[0]!;
  const { dtype, shape } = cumulativeWeights;
  if (dtype !== 'int32' || shape.length !== 1 || shape[0] === 0) {
    throw new RangeError(
      `cumulativeWeights must be int32 [itemCount], got ${dtype} [${shape}]. ` +
        'Make it of what popularityWeights returns.',
    );
  }
  return tidy(() => {
    const uniform = noiseMatrix(noise, rows);
    const lastItem = scalar(shape[0]! - 1, 'int32');
    const at = intervals(cumulativeWeights);
    const isReal = less(excluded, scalar(shape[0]!, 'int32'));
    const barred = at(minimum(excluded, lastItem));
    const masses = mul(barred.weights, cast(isReal, 'int32'));
    const total = slice(cumulativeWeights, [shape[0]! - 1], [1]);
    const available = expandDims(sub(total, sum(masses, 1)), 1);

    const points = skipExcluded(floorDraw(uniform, available), barred.starts, masses);
    // Where nothing is left, the point is −1 and the item 0.
    const items = upperBound(cumulativeWeights, points);
    const isValid = greater(available, scalar(0, 'int32'));
    const one = scalar(1, 'int32');
    const logOf = (weights: Tensor) => log(cast(maximum(weights, one), 'float32'));
    const logProbabilities = mul(
      sub(logOf(at(items).weights), logOf(available)),
      cast(isValid, 'float32'),
    );
    return {
      ...drawsLike(noise, { items, logProbabilities }),
      valid: stopGradient(() => reshape(cast(isValid, 'float32'), [rows])),
    };
  });
}

/** Where items begin on the line of all weights, and their own weights. */
function intervals(cumulative: Tensor): (items: Tensor) => { starts: Tensor; weights: Tensor } {
  const allButLast = slice(cumulative, [0], [cumulative.shape[0]! - 1]);
  const before = concat([zeros([1], 'int32'), allButLast as Tensor1D]);
  return (items) => {
    const starts = gather(before, items as Tensor1D);
    return { starts, weights: sub(gather(cumulative, items as Tensor1D), starts) };
  };
}
