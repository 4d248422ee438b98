import { div, expm1, minimum, mul, neg, softplus, sub, type Tensor } from '@tensorflow/tfjs-core';
import { logRatios, type PairScores } from './pair-scores.ts';
import { marginOf } from './preference-margin.ts';

/** TRL's `alpha_divergence`: α is its `f_alpha_divergence_coef`. */
export interface AlphaDivergence {
  /** 1 is 'reverse_kl', 0 is 'forward_kl'. TRL's default is 0.5. */
  readonly alpha: number;
}

/**
 * Distance of policy and reference that the policy is charged for, by TRL's name. It turns the
 * log-ratio `x` of an item into the score `s(x)`:
 *
 * - 'reverse_kl': `x`
 * - 'forward_kl': `1 − e^−x`
 * - 'js_divergence': `log 2 + log σ(x)`
 * - `{ alpha }`: `(e^((α − 1) x) − 1) / (α − 1)`
 *
 * All but the first need log-probabilities.
 *
 * @see Wang et al., "Beyond Reverse KL", 2023, https://arxiv.org/abs/2309.16240, table 1
 */
export type Divergence = 'reverse_kl' | 'forward_kl' | 'js_divergence' | AlphaDivergence;

/** Whether `s(x)` is `x`. TRL takes α for 1 at the same distance. */
export function isReverseKl(divergence: Divergence): boolean {
  if (typeof divergence === 'string') return divergence === 'reverse_kl';
  return Math.abs(divergence.alpha - 1) < 1e-6;
}

/** TRL's bound for α-divergences, which stays finite in float32. TRL has none for 'forward_kl'. */
const largestExponent = 80;

/**
 * `s(chosen) − s(rejected)` of the log-ratios of policy and reference: `[n]`.
 *
 * Exponents are bounded: beyond the bound a score is constant and passes no gradient.
 *
 * @throws {RangeError} if `divergence` is none of the known ones, or its α is not finite
 * @throws {Error} if the four score tensors differ in shape
 */
export function divergenceMargin(
  policy: PairScores,
  reference: PairScores,
  divergence: Divergence,
  bound: number = largestExponent,
): Tensor {
  checkDivergence(divergence);
  // Without single log-ratios, so that an offset common to a pair costs no digits.
  if (isReverseKl(divergence)) return marginOf(policy, reference);
  const { chosen, rejected } = logRatios(policy, reference);
  return sub(score(chosen, divergence, bound), score(rejected, divergence, bound));
}

function score(ratio: Tensor, divergence: Divergence, bound: number): Tensor {
  // Without log 2, which cancels in the difference. log σ(x) = −softplus(−x).
  if (divergence === 'js_divergence') return neg(softplus(neg(ratio)));
  const power = typeof divergence === 'string' ? -1 : divergence.alpha - 1; // forward_kl: α = 0
  return div(expm1(minimum(mul(power, ratio), bound)), power);
}

function checkDivergence(divergence: Divergence): void {
  const known = ['reverse_kl', 'forward_kl', 'js_divergence'];
  const isKnown =
    typeof divergence === 'string' ? known.includes(divergence) : Number.isFinite(divergence.alpha);
  if (isKnown) return;
  throw new RangeError(
    `divergence must be one of ${known.join(', ')}, or { alpha } with a finite number, ` +
      `got ${typeof divergence === 'string' ? divergence : `{ alpha: ${divergence.alpha} }`}`,
  );
}
