import type { Scan, ScanResult } from '@rodpo/ops';
import {
  add,
  customGrad,
  div,
  expandDims,
  gatherND,
  matMul,
  mul,
  notEqual,
  reshape,
  type Scalar,
  scatterND,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  transpose,
  util,
} from '@tensorflow/tfjs-core';
import { select } from '../left-out.ts';
import { checkBlockSize, inBlocks } from './blocks.ts';
import { normaliserGradients, zerosTurned } from './normaliser-gradients.ts';
import { softmaxLosses } from './softmax-losses.ts';

export interface LinearCrossEntropyOptions {
  /**
   * Weight of each row, `[n]`; 0 leaves a row out, whatever it holds, but its target must be an item all
   * the same. All 0 makes the loss 0. Constants: no gradient reaches them.
   */
  readonly weights: Tensor;
  /** Rows whose scores exist at a time; must divide `n`. Memory grows with it, not with `n`. */
  readonly blockSize: number;
  readonly scan: Scan;
}

/**
 * Full-softmax cross-entropy of `hidden` `[n, dimension]` against all `items`
 * `[itemCount, dimension]`: the weighted mean of `−log softmax(hidden · itemsᵀ)[target]`.
 *
 * The `[n, itemCount]` scores never exist at once: each block's gradient is computed right after
 * its scores, since a mean's gradient is known up to one factor before the backward pass.
 *
 * @param targets item of each row, `[n]` int32
 * @throws {RangeError} if `blockSize` is not a positive integer that divides the number of rows
 * @throws {Error} if the shapes do not fit each other
 * @see Hsu et al., "Liger Kernel", 2024, https://arxiv.org/abs/2410.10989 (the idea
 * of fusing the projection with its cross-entropy)
 */
export function linearCrossEntropy(
  hidden: Tensor,
  items: Tensor,
  targets: Tensor,
  { weights, blockSize, scan }: LinearCrossEntropyOptions,
): Scalar {
  const [rows, dimension] = hidden.shape as [number, number];
  checkBlockSize(blockSize, rows);
  const check = (name: string, tensor: Tensor, shape: number[]) =>
    util.assertShapesMatch(tensor.shape, shape, `linearCrossEntropy: ${name}:`);
  check('items', items, [items.shape[0]!, dimension]);
  check('targets', targets, [rows]);
  check('weights', weights, [rows]);

  const fused = customGrad((h, e, save) => {
    const table = e as Tensor2D;
    // Selected, not multiplied by 0 alone: a row that is left out may hold anything.
    const rowValues = select(expandDims(notEqual(weights, 0), 1), h as Tensor2D, 0);
    const total = sum(weights);
    const share = div(weights, select(notEqual(total, 0), total, 1));
    const { carry, outputs } = scan(
      ([gradient], [rowsOfBlock, goals, shares]) =>
        blockLoss(gradient!, rowsOfBlock as Tensor2D, table, goals!, shares!),
      [zerosTurned(table)],
      [rowValues, targets, share].map((tensor) => inBlocks(tensor, blockSize)),
    );
    const [losses, expected] = outputs as [Tensor, Tensor];
    const softmaxGradients = [reshape(expected, [rows, dimension]), transpose(carry[0]!)];
    const targetGradients = gradientsOfTargets(rowValues, table, targets, share);
    (save as (tensors: Tensor[]) => void)(
      softmaxGradients.map((gradient, index) => sub(gradient, targetGradients[index]!)),
    );
    return {
      value: sum(losses),
      gradFunc: (scale: Tensor, saved: Tensor[]) => saved.map((gradient) => mul(scale, gradient)),
    };
  });
  return fused(hidden, items) as Scalar;
}

/** Loss of one block, and the part of its gradients that comes from the normaliser. */
function blockLoss(
  itemGradient: Tensor,
  hidden: Tensor2D,
  items: Tensor2D,
  targets: Tensor,
  weights: Tensor,
): ScanResult {
  const scores = matMul(hidden, items, false, true) as Tensor2D;
  const { losses, probabilities } = softmaxLosses(scores, targets);
  const { ofHidden, ofItemsTurned } = normaliserGradients(
    { hidden, items, probabilities },
    weights,
  );
  return { carry: [add(itemGradient, ofItemsTurned)], outputs: [mul(weights, losses), ofHidden] };
}

/** What the targets' scores contribute to the gradients of `hidden` and `items`. */
function gradientsOfTargets(
  hidden: Tensor2D,
  items: Tensor2D,
  targets: Tensor,
  weights: Tensor,
): [Tensor, Tensor] {
  const indices = expandDims(targets, 1);
  const column = expandDims(weights, 1);
  const ofItems = scatterND(indices, mul(hidden, column) as Tensor2D, items.shape) as Tensor;
  return [mul(gatherND(items, indices), column), ofItems];
}
