import {
  add,
  customGrad,
  div,
  expandDims,
  gatherND,
  log,
  matMul,
  max,
  mul,
  reshape,
  type Scalar,
  scatterND,
  softmax,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  util,
  zerosLike,
} from '@tensorflow/tfjs-core';

/** One step of a loop over slices: what to carry on, and what to stack. */
export interface LoopResult {
  readonly carry: Tensor[];
  readonly outputs: Tensor[];
}

/** A loop over the first axis of `sequences`, as `jax.lax.scan` or `scan` of `@rodpo/compile`. */
export type Scan = (
  body: (carry: Tensor[], slices: Tensor[]) => LoopResult,
  carry: Tensor[],
  sequences: Tensor[],
) => LoopResult;

export interface LinearCrossEntropyOptions {
  /**
   * Weight of each row, `[n]`; 0 leaves a row out, but its target must be an item all the same.
   * Not all 0. Constants: no gradient reaches them.
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
  if (!Number.isInteger(blockSize) || blockSize < 1 || rows % blockSize !== 0) {
    throw new RangeError(
      `blockSize must be a positive divisor of the ${rows} rows, got ${blockSize}`,
    );
  }
  const check = (name: string, tensor: Tensor, shape: number[]) =>
    util.assertShapesMatch(tensor.shape, shape, `linearCrossEntropy: ${name}:`);
  check('items', items, [items.shape[0]!, dimension]);
  check('targets', targets, [rows]);
  check('weights', weights, [rows]);

  const blocks = (tensor: Tensor) =>
    reshape(tensor, [rows / blockSize, blockSize, ...tensor.shape.slice(1)]);
  const fused = customGrad((h, e, save) => {
    const [rowValues, table] = [h as Tensor2D, e as Tensor2D];
    const share = div(weights, sum(weights));
    const { carry, outputs } = scan(
      ([gradient], [rowsOfBlock, goals, shares]) =>
        blockLoss(gradient!, rowsOfBlock as Tensor2D, table, goals!, shares!),
      [zerosLike(table)],
      [blocks(rowValues), blocks(targets), blocks(share)],
    );
    const [losses, expected] = outputs as [Tensor, Tensor];
    const softmaxGradients = [reshape(expected, [rows, dimension]), carry[0]!];
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
): LoopResult {
  const scores = matMul(hidden, items, false, true);
  const probabilities = softmax(scores) as Tensor2D;
  // Scores by difference, so that a large offset common to all costs no digits. The largest
  // probability is at least 1 / itemCount, so this never takes the log of a tiny one.
  const behind = sub(max(scores, -1), pick(scores, targets));
  const losses = mul(weights, sub(behind, log(max(probabilities, -1))));

  const column = expandDims(weights, 1);
  const ofItems = matMul(probabilities, mul(hidden, column) as Tensor2D, true, false);
  const ofHidden = mul(matMul(probabilities, items), column);
  return { carry: [add(itemGradient, ofItems)], outputs: [losses, ofHidden] };
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

/** `scores[r, columns[r]]` for every row `r`: `[n]`. */
function pick(scores: Tensor, columns: Tensor): Tensor1D {
  const rows = tensor1d(Int32Array.from({ length: scores.shape[0]! }, (_, row) => row));
  return gatherND(scores, stack([rows, columns], 1)) as Tensor1D;
}
