import { stopGradient } from '@rodpo/ops';
import {
  abs,
  add,
  any,
  cast,
  div,
  expandDims,
  greaterEqual,
  mul,
  neg,
  softplus,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tanh,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { type ListScores, logRatios, type ScoreColumns, scoreColumns } from './list-scores.ts';
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
  return tidy(() => {
    const { chosen, rejected } = logRatios(policy, reference);
    const weights = stopGradient(() => boundaryWeights(scoreColumns(policy), { beta, margin }));
    const ahead = sub(expandDims(chosen, 1), rejected);
    return softplus(neg(sum(mul(weights, ahead), 1))) as Tensor1D;
  });
}

/** `β_k / |B|` at the boundary negatives and 0 elsewhere: `[n, J]`. */
function boundaryWeights(policy: ScoreColumns, options: Required<DynamicBetaOptions>): Tensor {
  const chosen = expandDims(policy.chosen, 1);
  const boundary = boundaryNegatives(chosen, policy.rejected);
  const easy = sub(1, boundary);
  const others = where(any(cast(easy, 'bool'), 1, true), easy, boundary);
  const easyMean = div(sum(mul(others, policy.rejected), 1, true), sum(others, 1, true));

  const ahead = sub(chosen, policy.rejected);
  const above = sub(policy.rejected, easyMean);
  const balance = div(sub(sub(ahead, above), options.margin), add(abs(ahead), abs(above)));
  const betas = mul(options.beta, add(1, mul(0.5, tanh(balance))));
  return div(mul(betas, boundary), sum(boundary, 1, true));
}

/** 1 at the negatives to learn from and 0 elsewhere: `[n, J]`, at least one per row. */
function boundaryNegatives(chosen: Tensor, rejected: Tensor2D): Tensor {
  const notBelow = greaterEqual(rejected, chosen);
  return cast(where(any(notBelow, 1, true), notBelow, topCluster(rejected)), 'float32');
}
