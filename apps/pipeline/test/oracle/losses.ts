/** Losses of one token, from scores, in plain formulas. */

import { logSumExp } from './scores.ts';

export interface Pair {
  readonly chosen: number;
  readonly rejected: readonly number[];
}

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** How much more the policy prefers the chosen item to each rejected one than the reference does. */
export function margins(policy: Pair, reference: Pair): number[] {
  return policy.rejected.map((rejected, index) => {
    const ofPolicy = policy.chosen - rejected;
    const ofReference = reference.chosen - reference.rejected[index]!;
    return ofPolicy - ofReference;
  });
}

/** −log σ(β · margin). */
export function dpo(policy: Pair, reference: Pair, beta: number): number {
  return softplus(-beta * margins(policy, reference)[0]!);
}

/** log(1 + Σ exp(−β · margin)). */
export function softmaxDpo(policy: Pair, reference: Pair, beta: number): number {
  return logSumExp([0, ...margins(policy, reference).map((margin) => -beta * margin)]);
}

/** −log of the softmax of all scores at the target. */
export function crossEntropy(scores: readonly number[], target: number): number {
  return logSumExp(scores) - scores[target]!;
}

export interface GbceOptions {
  readonly itemCount: number;
  readonly calibration: number;
  readonly offset: 'prior' | 'none';
}

/**
 * gSASRec's loss, with α the share of the other items that is drawn and t the calibration:
 * β = α · (t · (1 − 1/α) + 1/α), −(β log σ(chosen) + Σ log(1 − σ(rejected))) / (J + 1). A prior makes
 * the odds of every score of 0 those of one item being chosen, β : J.
 */
export function gbce({ chosen, rejected }: Pair, options: GbceOptions): number {
  const { itemCount, calibration: t, offset } = options;
  const count = rejected.length;
  const alpha = count / (itemCount - 1);
  const beta = alpha * (t * (1 - 1 / alpha) + 1 / alpha);
  const prior = offset === 'prior' ? Math.log(beta) - Math.log(count) : 0;
  const ofRejected = rejected.reduce((sum, score) => sum + softplus(score + prior), 0);
  return (beta * softplus(-chosen - prior) + ofRejected) / (count + 1);
}

export function weightedMean(values: readonly number[], weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return 0;
  return values.reduce((sum, value, index) => sum + value * weights[index]!, 0) / total;
}
