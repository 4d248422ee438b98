import { type Scan, stopGradient } from '@rodpo/ops';
import {
  matMul,
  reshape,
  type Tensor,
  type Tensor2D,
  tidy,
  topk,
  util,
} from '@tensorflow/tfjs-core';

export interface TopItemsOptions {
  /** Items per row; at most the number of items. */
  readonly count: number;
  /** Rows whose scores exist at a time; must divide the number of rows. */
  readonly blockSize: number;
  readonly scan: Scan;
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
  { count, blockSize, scan }: TopItemsOptions,
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
  return tidy(() => {
    const blocks = reshape(hidden, [rows / blockSize, blockSize, dimension]);
    const { outputs } = scan(
      (_, [block]) => {
        const scores = matMul(block as Tensor2D, items as Tensor2D, false, true);
        const { indices, values } = topk(scores, count);
        return { carry: [], outputs: [indices, values] };
      },
      [],
      [blocks],
    );
    const [best, scores] = outputs.map((output) =>
      stopGradient(() => reshape(output, [rows, count])),
    );
    return { items: best!, scores: scores! };
  });
}
