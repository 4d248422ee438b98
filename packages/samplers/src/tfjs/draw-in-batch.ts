import { stopGradient } from '@rodpo/ops';
import {
  cast,
  concat,
  expandDims,
  fill,
  gather,
  greater,
  log,
  maximum,
  minimum,
  mul,
  neg,
  notEqual,
  reshape,
  scalar,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tidy,
  topk,
  util,
} from '@tensorflow/tfjs-core';
import type { MaskedDraws } from './draws.ts';
import { drawsLike } from './draws-like.ts';
import { floorDraw } from './floor-draw.ts';
import { noiseMatrix } from './noise-matrix.ts';
import { skipExcluded } from './skip-excluded.ts';
import { upperBound } from './upper-bound.ts';

export interface InBatchOptions {
  /**
   * Further items that a row must not draw, `[n, m]` int32, ascending in each row. What no row has
   * chosen is harmless. Default none.
   */
  readonly excluded?: Tensor;
}

/**
 * Draws the chosen items of other rows, every allowed row with equal probability: `q(i)` is the
 * share of the rows holding `i` among the rows whose chosen item is allowed. A row's own chosen
 * item is not, whoever else chose it. Draws of a row are independent, so an item may come twice.
 *
 * A row is not `valid` if no other row has an item for it. Sorts the batch instead of comparing
 * all pairs of rows, so that thousands of rows are no burden.
 *
 * @param chosen `[n]` int32, at most 2^24 rows; −1 for rows without an item, such as padding
 * @param noise `[n]` or `[n, count]` float32, uniform in [0, 1)
 * @see Hidasi et al., "Session-based Recommendations with Recurrent Neural Networks", ICLR 2016,
 * https://arxiv.org/abs/1511.06939, section 3.1.2
 * @throws {RangeError} if the shape of `noise` is another
 * @throws {Error} if `chosen` and `excluded` differ in their number of rows
 */
export function drawInBatch(
  chosen: Tensor,
  noise: Tensor,
  { excluded }: InBatchOptions = {},
): MaskedDraws {
  const rows = chosen.shape[0]!;
  if (excluded) {
    const { shape } = excluded;
    util.assertShapesMatch(shape, [rows, shape[1]!], 'drawInBatch: excluded:');
  }
  return tidy(() => {
    const uniform = noiseMatrix(noise, rows);
    const one = scalar(1, 'int32');
    const sorted = neg(topk(neg(chosen as Tensor1D), rows).values);
    const first = (items: Tensor) => upperBound(sorted, sub(items, one));
    const barred = barredItems(chosen, excluded);
    const starts = first(barred);
    const masses = mul(sub(upperBound(sorted, barred), starts), isNew(barred));
    const available = expandDims(sub(scalar(rows, 'int32'), sum(masses, 1)), 1);

    const points = skipExcluded(floorDraw(uniform, available), starts, masses);
    const isValid = greater(available, scalar(0, 'int32'));
    const drawn = gather(sorted, maximum(points, scalar(0, 'int32')) as Tensor1D);
    const holders = sub(upperBound(sorted, drawn), first(drawn));
    const logOf = (numbers: Tensor) => log(cast(maximum(numbers, one), 'float32'));
    const logProbabilities = mul(sub(logOf(holders), logOf(available)), cast(isValid, 'float32'));
    return {
      ...drawsLike(noise, { items: mul(drawn, cast(isValid, 'int32')), logProbabilities }),
      valid: stopGradient(() => reshape(cast(isValid, 'float32'), [rows])),
    };
  });
}

/** What each row must not draw: rows without an item, its own, and its excluded ones; ascending. */
function barredItems(chosen: Tensor, excluded: Tensor | undefined): Tensor {
  const rows = chosen.shape[0]!;
  const column = (item: number) => fill([rows, 1], item, 'int32');
  const own = expandDims(chosen, 1);
  if (!excluded) return concat([column(-1), own], 1);
  const shifted = concat([column(-1), excluded], 1);
  const padded = concat([excluded, column(2 ** 31 - 1)], 1);
  return concat([column(-1), maximum(minimum(padded, own), shifted)], 1);
}

/** 1 where an element of ascending rows differs from the one before, else 0: int32. */
function isNew(ascending: Tensor): Tensor {
  const [rows, width] = ascending.shape as [number, number];
  const before = slice(ascending, [0, 0], [rows, width - 1]);
  const after = slice(ascending, [0, 1], [rows, width - 1]);
  return concat([fill([rows, 1], 1, 'int32'), cast(notEqual(after, before), 'int32')], 1);
}
