import { stopGradient } from '@rodpo/ops';
import {
  abs,
  add,
  any,
  cast,
  div,
  expandDims,
  greaterEqual,
  logicalAnd,
  logicalNot,
  maximum,
  mul,
  neg,
  softplus,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tanh,
  where,
} from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { select } from '../left-out.ts';
import {
  hasKept,
  type Kept,
  type ListScores,
  logRatios,
  perRow,
  type ScoreColumns,
} from './list-scores.ts';
import { topCluster } from './top-cluster.ts';

export interface DynamicBetaOptions {
  /** Centre of the dynamic β, which moves between a half and one and a half of it. */
  readonly beta: number;
  /**
   * How far the chosen item should be ahead of a boundary negative beyond what that one is ahead
   * of the easy ones, in units of log-probability. Default: 2.
   */
  readonly margin?: number;
}

/**
 * DynamicPO on DMPO: only the negatives at the policy's decision boundary count, each with a β of
 * its own. Per row, `[n]`: `−log σ(mean_{k ∈ B} β_k (a_w − a_k))`, `a` being policy − reference.
 *
 * B are the rejected items that the policy scores at least as high as the chosen one; if there are
 * none, the highest of three clusters of the rejected scores. With `p = ℓ_w − ℓ_k` and `q = ℓ_k −`
 * mean of the rejected scores outside B (all of them if none is outside),
 * `β_k = β (1 + ½ tanh((p − q − margin) / (|p| + |q|)))`. Neither B nor β_k passes gradients.
 *
 * Only differences inside a row count, so the softmax normaliser cancels.
 *
 * What differs from the published code: the clusters are the optimum of 3-means, where that runs
 * scikit-learn's KMeans from a random start and may stop at a worse one; equal scores share a
 * cluster, where that fails on rows with fewer than three distinct scores. Its margin is 2 in one
 * version and 6 in another. Memory grows with J² per row: meant for tens of negatives.
 *
 * @throws {RangeError} if the shapes do not fit, or `beta` or `margin` is not above 0
 * @see github.com/xingyuHuxingyu/DynamicPO, trainer/dynamicpo_trainer.py, `preference_loss`
 */
export function dynamicBetaLoss(
  policy: ListScores,
  reference: ListScores,
  { beta, margin = 2 }: DynamicBetaOptions,
): Tensor1D {
  checkPositive('beta', beta);
  checkPositive('margin', margin);
  return perRow({ policy, reference }, (kept, ours, theirs) => {
    const { chosen, rejected } = logRatios(ours!, theirs!);
    const weights = stopGradient(() => boundaryWeights(ours!, kept, { beta, margin }));
    const ahead = sub(expandDims(chosen, 1), rejected);
    return select(hasKept(kept), softplus(neg(sum(mul(weights, ahead), 1))), 0);
  });
}

/** `β_k / |B|` at the boundary negatives and 0 elsewhere: `[n, J]`. */
function boundaryWeights(
  policy: ScoreColumns,
  kept: Kept,
  options: Required<DynamicBetaOptions>,
): Tensor {
  const chosen = expandDims(policy.chosen, 1);
  const isBoundary = boundaryNegatives(chosen, policy.rejected, kept);
  const isEasy = logicalAnd(kept.mask, logicalNot(isBoundary));
  const boundary = cast(isBoundary, 'float32');
  const others = cast(where(any(isEasy, 1, true), isEasy, isBoundary), 'float32');
  const easyMean = div(sum(mul(others, policy.rejected), 1, true), countOf(others));

  const ahead = sub(chosen, policy.rejected);
  const above = sub(policy.rejected, easyMean);
  const balance = div(sub(sub(ahead, above), options.margin), add(abs(ahead), abs(above)));
  const betas = mul(options.beta, add(1, mul(0.5, tanh(balance))));
  return div(mul(betas, boundary), countOf(boundary));
}

/** How many ones there are in each row, and 1 where none is: `[n, 1]`. */
function countOf(ones: Tensor): Tensor {
  return maximum(sum(ones, 1, true), 1);
}

/** The negatives to learn from: `[n, J]` bool, at least one per row that keeps any. */
function boundaryNegatives(chosen: Tensor, rejected: Tensor2D, kept: Kept): Tensor {
  const notBelow = logicalAnd(greaterEqual(rejected, chosen), kept.mask);
  return where(any(notBelow, 1, true), notBelow, topCluster(rejected, kept));
}
