import {
  div,
  mean,
  mul,
  neg,
  type Scalar,
  softplus,
  sub,
  sum,
  type Tensor,
  tidy,
  util,
} from '@tensorflow/tfjs-core';

/** Scores of the two items of each pair, in the same context: `[n]` each. */
export interface PairScores {
  readonly chosen: Tensor;
  readonly rejected: Tensor;
}

export interface DpoOptions {
  /** How strongly the policy is held to the reference: larger is closer. TRL's default is 0.1. */
  readonly beta: number;
  /** Weight of each pair, `[n]`; 0 leaves a pair out. Not all 0. Default: all 1. */
  readonly weights?: Tensor;
}

/**
 * Direct preference optimisation: the weighted mean of
 * `−log σ(β · (policy margin − reference margin))`, a margin being `chosen − rejected`.
 *
 * Unnormalised scores serve as well as log-probabilities: chosen and rejected share a context, so
 * the softmax normaliser cancels in each margin.
 *
 * @throws {Error} if the four score tensors, or the weights, differ in shape
 * @see Rafailov et al., 2023, https://arxiv.org/abs/2305.18290, equation 7
 */
export function dpoLoss(
  policy: PairScores,
  reference: PairScores,
  { beta, weights }: DpoOptions,
): Scalar {
  checkShapes(policy, reference);
  return tidy(() => {
    // −log σ(x) = softplus(−x), finite for any margin.
    const losses = softplus(neg(mul(beta, preferenceMargin(policy, reference))));
    return weightedMean(losses, weights);
  });
}

/**
 * How much more the policy prefers each chosen item than the reference does: `[n]`.
 *
 * @throws {Error} if the four score tensors differ in shape
 */
export function preferenceMargin(policy: PairScores, reference: PairScores): Tensor {
  checkShapes(policy, reference);
  return tidy(() =>
    sub(sub(policy.chosen, policy.rejected), sub(reference.chosen, reference.rejected)),
  );
}

/**
 * `Σ w·x / Σ w` over all elements; the plain mean without weights. NaN if all weights are 0.
 *
 * @throws {Error} if `values` and `weights` differ in shape
 */
export function weightedMean(values: Tensor, weights?: Tensor): Scalar {
  if (weights === undefined) return mean<Scalar>(values);
  util.assertShapesMatch(weights.shape, values.shape, 'weightedMean: weights:');
  return tidy(() => div(sum(mul(values, weights)), sum(weights)) as Scalar);
}

function checkShapes(policy: PairScores, reference: PairScores): void {
  for (const scores of [policy.rejected, reference.chosen, reference.rejected]) {
    util.assertShapesMatch(policy.chosen.shape, scores.shape, 'DPO: scores:');
  }
}
