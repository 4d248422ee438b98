import { type Scan, stopGradient } from '@rodpo/ops';
import {
  add,
  concat,
  expandDims,
  fill,
  matMul,
  minimum,
  range,
  reshape,
  scalar,
  stack,
  type Tensor,
  type Tensor2D,
  tensorScatterUpdate,
  tidy,
  topk,
  util,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';

export interface TopItemsOptions {
  /** Items per row; at most the number of items. */
  readonly count: number;
  /** Rows whose scores exist at a time; must divide the number of rows. */
  readonly blockSize: number;
  readonly scan: Scan;
  /**
   * Items that are none of a row's best, `[n, m]` int32, in any order; `itemCount` and above are fillers.
   * Default: none. If fewer than `count` are left, they come last, with a score of −Infinity.
   */
  readonly excluded?: Tensor;
}

/** The items that score best after each row, best first. Both are constants to gradients. */
export interface Candidates {
  /** `[n, count]` int32, distinct in each row. */
  readonly items: Tensor;
  /** `[n, count]` float32. */
  readonly scores: Tensor;
}

/**
 * The `count` items that score best after each row of `hidden` `[n, dimension]` by dot product
 * with `items` `[itemCount, dimension]`, and these scores. Ties go to the lower index. Scores must
 * not be NaN.
 *
 * @throws {RangeError} if `count` is not an integer from 1 to `itemCount`, or `blockSize` is not a
 * positive integer that divides `n`
 * @throws {Error} if the two dimensions differ
 */
export function topItems(
  hidden: Tensor,
  items: Tensor,
  { count, blockSize, scan, excluded }: TopItemsOptions,
): Candidates {
  const [rows, dimension] = hidden.shape as [number, number];
  const itemCount = items.shape[0]!;
  if (!Number.isInteger(count) || count < 1 || count > itemCount) {
    throw new RangeError(`count must be an integer from 1 to the ${itemCount} items, got ${count}`);
  }
  if (!Number.isInteger(blockSize) || blockSize < 1 || rows % blockSize !== 0) {
    throw new RangeError(
      `blockSize must be a positive divisor of the ${rows} rows, got ${blockSize}`,
    );
  }
  util.assertShapesMatch(items.shape, [itemCount, dimension], 'topItems: items:');
  if (excluded) {
    util.assertShapesMatch(excluded.shape, [rows, excluded.shape[1]!], 'topItems: excluded:');
  }
  return tidy(() => {
    const inBlocks = (tensor: Tensor) =>
      reshape(tensor, [rows / blockSize, blockSize, tensor.shape[1]!]);
    const table = (excluded ? withFiller(items) : items) as Tensor2D;
    const { outputs } = scan(
      (_, [block, barred]) => {
        const all = matMul<Tensor2D>(block as Tensor2D, table, false, true);
        const scores: Tensor2D = barred ? without(all, barred) : all;
        const { indices, values } = topk(scores, count);
        return { carry: [], outputs: [minimum(indices, scalar(itemCount - 1, 'int32')), values] };
      },
      [],
      excluded ? [inBlocks(hidden), inBlocks(excluded)] : [inBlocks(hidden)],
    );
    const [best, scores] = outputs.map((output) =>
      stopGradient(() => reshape(output, [rows, count])),
    );
    return { items: best!, scores: scores! };
  });
}

/** The items, and what stands for fillers among excluded ones: a row of zeros at the end. */
function withFiller(items: Tensor): Tensor2D {
  return concat([items, zeros([1, items.shape[1]!])]) as Tensor2D;
}

/** `scores` `[n, itemCount + 1]` with −Infinity for each row's `barred` items, and for fillers always. */
function without(scores: Tensor2D, barred: Tensor): Tensor2D {
  const [rows, width] = barred.shape as [number, number];
  const filler = scalar(scores.shape[1] - 1, 'int32');
  const columns = concat(
    [minimum(barred, filler), fill([rows, 1], scores.shape[1] - 1, 'int32')],
    1,
  );
  const row = add(expandDims(range(0, rows, 1, 'int32'), 1), zerosLike(columns));
  const cells = reshape(stack([row, columns], 2), [rows * (width + 1), 2]);
  const lowest = fill([rows * (width + 1)], Number.NEGATIVE_INFINITY);
  return tensorScatterUpdate(scores, cells, lowest) as Tensor2D;
}
