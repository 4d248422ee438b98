import { matMul, reshape, type Tensor, type Tensor2D, topk } from '@tensorflow/tfjs-core';

/** A loop over the first axis of `sequences`, as `jax.lax.scan` or `scan` of `@rodpo/compile`. */
export type Scan = (
  body: (carry: Tensor[], slices: Tensor[]) => { carry: Tensor[]; outputs: Tensor[] },
  carry: Tensor[],
  sequences: Tensor[],
) => { carry: Tensor[]; outputs: Tensor[] };

export interface TopItemsOptions {
  /** Items per row; at most the number of items. */
  readonly count: number;
  /** Rows whose scores exist at a time; must divide the number of rows. */
  readonly blockSize: number;
  readonly scan: Scan;
}

/**
 * The `count` items that score best after each row of `hidden` `[n, dimension]` by dot product
 * with `items` `[itemCount, dimension]`: `[n, count]` int32, best first, ties to the lower index.
 * No gradient passes through it.
 *
 * @throws {RangeError} if `count` exceeds the number of items or `blockSize` does not divide `n`
 */
export function topItems(
  hidden: Tensor,
  items: Tensor,
  { count, blockSize, scan }: TopItemsOptions,
): Tensor2D {
  const [rows, dimension] = hidden.shape as [number, number];
  if (count > items.shape[0]!) {
    throw new RangeError(`count must be at most the ${items.shape[0]} items, got ${count}`);
  }
  if (!Number.isInteger(rows / blockSize)) {
    throw new RangeError(`blockSize must divide the ${rows} rows, got ${blockSize}`);
  }
  const blocks = reshape(hidden, [rows / blockSize, blockSize, dimension]);
  const { outputs } = scan(
    (_, [block]) => {
      const scores = matMul(block as Tensor2D, items as Tensor2D, false, true);
      return { carry: [], outputs: [topk(scores, count).indices] };
    },
    [],
    [blocks],
  );
  return reshape(outputs[0]!, [rows, count]);
}
