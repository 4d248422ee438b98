import { logSumExp, type Scan } from '@rodpo/ops';
import {
  add,
  customGrad,
  expandDims,
  matMul,
  notEqual,
  reshape,
  softmax,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  transpose,
} from '@tensorflow/tfjs-core';
import { checkShape } from '../check-shape.ts';
import { select } from '../left-out.ts';
import { checkBlockSize, inBlocks } from './blocks.ts';
import { normaliserGradients, zerosTurned } from './normaliser-gradients.ts';

export interface LogNormaliserOptions {
  /** Rows whose scores exist at a time; must divide `n`. Memory grows with it, not with `n`. */
  readonly blockSize: number;
  readonly scan: Scan;
}

/**
 * Logarithm of the softmax's denominator over all items, `log Σ_i exp(hidden · item_i)`: `[n]` from
 * `hidden` `[n, dimension]` and `items` `[itemCount, dimension]`. The log-probability of an item is
 * its score minus this.
 *
 * The `[n, itemCount]` scores never exist at once: the way back computes them again, block by block,
 * instead of keeping them. Gradients go to both; second derivatives are not available.
 *
 * @throws {RangeError} if `blockSize` is not a positive integer that divides the number of rows, or
 * the shapes do not fit
 */
export function logNormaliser(
  hidden: Tensor,
  items: Tensor,
  { blockSize, scan }: LogNormaliserOptions,
): Tensor1D {
  const [rows, dimension] = hidden.shape as [number, number];
  checkShape('hidden', hidden, [rows, dimension]);
  checkShape('items', items, [items.shape[0]!, dimension]);
  checkBlockSize(blockSize, rows);

  const fused = customGrad((h, e, save) => {
    const [rowValues, table] = [h as Tensor2D, e as Tensor2D];
    (save as (tensors: Tensor[]) => void)([rowValues, table]);
    const { outputs } = scan(
      (_, [block]) => ({ carry: [], outputs: [logSumExp(scoresOf(block!, table))] }),
      [],
      [inBlocks(rowValues, blockSize)],
    );
    return {
      value: reshape(outputs[0]!, [rows]),
      gradFunc: (scale: Tensor, saved: Tensor[]) => {
        const [values, vectors] = saved as [Tensor2D, Tensor2D];
        return gradients(values, vectors, scale, { blockSize, scan });
      },
    };
  });
  return fused(hidden, items) as Tensor1D;
}

/** The gradients by `hidden` and `items`, from that by the normalisers, `[n]`. */
function gradients(
  hidden: Tensor2D,
  items: Tensor2D,
  scale: Tensor,
  { blockSize, scan }: LogNormaliserOptions,
): [Tensor, Tensor] {
  const { carry, outputs } = scan(
    ([sumOfItems], [block, weights]) => {
      // Rows that are not asked for get no gradient, and add none to items, whatever they hold.
      const hidden = select(expandDims(notEqual(weights!, 0), 1), block as Tensor2D, 0);
      const rows = { hidden, items, probabilities: softmax(scoresOf(hidden, items)) };
      const { ofHidden, ofItemsTurned } = normaliserGradients(rows, weights!);
      return { carry: [add(sumOfItems!, ofItemsTurned)], outputs: [ofHidden] };
    },
    [zerosTurned(items)],
    [inBlocks(hidden, blockSize), inBlocks(scale, blockSize)],
  );
  return [reshape(outputs[0]!, hidden.shape), transpose(carry[0]!)];
}

function scoresOf(hidden: Tensor, items: Tensor2D): Tensor2D {
  return matMul(hidden as Tensor2D, items, false, true);
}
