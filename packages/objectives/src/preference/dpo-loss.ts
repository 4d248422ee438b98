import { requireOneOf } from '@rodpo/errors';
import { stopGradient } from '@rodpo/ops';
import { add, mul, notEqual, type Scalar, type Tensor, tidy, util } from '@tensorflow/tfjs-core';
import { checkPositive } from '../check-number.ts';
import { select, timesWeights } from '../left-out.ts';
import { isReverseKl } from './divergence.ts';
import type { BetaOption, DivergenceOption, LabelSmoothingOption } from './pair-options.ts';
import type { PairScores } from './pair-scores.ts';
import { cancelsNormaliser, type PreferenceLoss, traitsOf } from './preference-losses.ts';
import { weightedMean } from './weighted-mean.ts';

/** One of several losses that are added up. */
export interface PreferencePart {
  readonly loss: PreferenceLoss;
  /** Factor of this loss. Default: 1. */
  readonly weight?: number;
}

export interface DpoOptions extends BetaOption, DivergenceOption, LabelSmoothingOption {
  /**
   * Name of a loss, or several whose weighted sum is the loss, as TRL's `loss_type` with
   * `loss_weights`. Default: 'sigmoid', which is DPO.
   */
  readonly loss?: PreferenceLoss | readonly PreferencePart[];
  /** Weight of each pair, `[n]`; 0 leaves a pair out; 0 for all makes the loss 0. Default: all 1. */
  readonly weights?: Tensor;
  /**
   * Factor of each pair's loss, `[n]`, which the mean is not divided by: what `wpoWeights` returns.
   * Default: all 1.
   */
  readonly importance?: Tensor;
  /** Of 'discopop' alone, see `discopopLoss`. Default: 0.05. */
  readonly discopopTau?: number;
  /**
   * What policy and reference hold. Unnormalised scores are refused by losses in which the softmax
   * normaliser does not cancel, see `cancelsNormaliser`. Default: 'scores'.
   */
  readonly inputs?: 'scores' | 'log-probabilities';
}

/**
 * Direct preference optimisation and its kin: the weighted mean of a loss per pair. By default
 * `−log σ(β · (policy margin − reference margin))`, a margin being `chosen − rejected`.
 *
 * `labelSmoothing` and `divergence` go to every loss that knows them; TRL keeps the first from
 * 'sigmoid'.
 *
 * @throws {RangeError} if an option is out of its range, no loss knows it, or scores are given
 * where log-probabilities are needed
 * @throws {Error} if the four score tensors, or the weights, differ in shape
 * @see Rafailov et al., 2023, https://arxiv.org/abs/2305.18290, equation 7; the other losses:
 * TRL 1.10, `DPOTrainer`
 */
export function dpoLoss(policy: PairScores, reference: PairScores, options: DpoOptions): Scalar {
  const { loss = 'sigmoid', divergence = 'reverse_kl', weights, importance } = options;
  const parts: readonly PreferencePart[] = typeof loss === 'string' ? [{ loss }] : loss;
  checkParts(parts, options);
  if (importance) {
    util.assertShapesMatch(importance.shape, policy.chosen.shape, 'DPO: importance:');
  }
  const { beta, labelSmoothing = 0, discopopTau = 0.05 } = options;
  const pairOptions = { beta, divergence, labelSmoothing, discopopTau };

  return tidy(() => {
    // Whatever it may be where a pair does not count.
    const factor = importance && weights ? ofCounted(importance, weights) : importance;
    const means = parts.map(({ loss, weight = 1 }) => {
      const losses = traitsOf(loss).losses(policy, reference, pairOptions);
      const mean = weightedMean(factor ? timesWeights(losses, factor) : losses, weights);
      return weight === 1 ? mean : mul(weight, mean);
    });
    return means.reduce((sum, mean) => add(sum, mean)) as Scalar;
  });
}

function ofCounted(importance: Tensor, weights: Tensor): Tensor {
  return select(
    stopGradient(() => notEqual(weights, 0)),
    importance,
    0,
  );
}

function checkParts(parts: readonly PreferencePart[], options: DpoOptions): void {
  if (parts.length === 0) throw new RangeError('loss must name at least one loss, got none');
  checkPositive('beta', options.beta);
  requireOneOf('inputs', options.inputs ?? 'scores', ['scores', 'log-probabilities']);
  for (const { loss, weight = 1 } of parts) {
    checkLoss(loss, options);
    if (Number.isFinite(weight)) continue;
    throw new RangeError(`The weight of ${loss} must be a finite number, got ${weight}`);
  }
  const { labelSmoothing = 0 } = options;
  if (labelSmoothing === 0 || parts.some(({ loss }) => traitsOf(loss).labelSmoothing)) return;
  const names = parts.map(({ loss }) => loss).join(', ');
  throw new RangeError(`labelSmoothing has no effect on ${names}: leave it out`);
}

function checkLoss(loss: PreferenceLoss, options: DpoOptions): void {
  const { divergence = 'reverse_kl', inputs = 'scores', weights, importance } = options;
  const traits = traitsOf(loss);
  if (!traits.divergence && !isReverseKl(divergence)) {
    throw new RangeError(`${loss} has no form for other divergences than 'reverse_kl'`);
  }
  if (!traits.perPair && (weights || importance)) {
    throw new RangeError(
      `${loss} sorts the batch, so that its elements belong to no pair: it takes neither weights ` +
        'nor importance. Leave the pairs out of the batch instead',
    );
  }
  if (inputs === 'log-probabilities' || cancelsNormaliser(loss, divergence)) return;
  const name = isReverseKl(divergence) || loss === 'sft' ? loss : `${loss} with this divergence`;
  throw new RangeError(
    `${name} needs log-probabilities: the softmax normaliser does not cancel in it. Subtract the ` +
      "log-normaliser of each context (logNormaliser) from its scores, the policy's and the " +
      "reference's, and pass inputs: 'log-probabilities'",
  );
}
