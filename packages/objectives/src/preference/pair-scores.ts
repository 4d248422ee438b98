import { sub, type Tensor, tidy, util } from '@tensorflow/tfjs-core';
import { frozenScores } from '../frozen-scores.ts';
import { allFinite, noneLeftOut, select } from '../left-out.ts';

/** Scores of the two items of each pair, in the same context: `[n]` each. */
export interface PairScores {
  readonly chosen: Tensor;
  /** −Infinity, in whichever of several scorers, leaves a pair out. */
  readonly rejected: Tensor;
}

/** @throws {Error} if the four score tensors differ in shape */
export function checkPairs(policy: PairScores, reference: PairScores): void {
  for (const scores of [policy.rejected, reference.chosen, reference.rejected]) {
    util.assertShapesMatch(policy.chosen.shape, scores.shape, 'DPO: scores:');
  }
}

/** Pairs whose scores are all finite, with what was not marked; bool, constants to gradients. */
interface FinitePairs<Scorers> {
  /** As given, but 0 where a pair is left out or not sound. No gradient passes there. */
  readonly scores: Scorers;
  /** False where a pair is left out: its rejected score is −Infinity. */
  readonly isKept: Tensor;
  /** False where a pair has another score that is not finite, which is a fault. */
  readonly isSound: Tensor;
}

/**
 * Pairs of several scorers, fit to compute with: a policy and then its reference, which is a constant to
 * gradients.
 */
export function finitePairs<Scorers extends readonly PairScores[]>([
  policy,
  ...references
]: Scorers): FinitePairs<Scorers> {
  const scorers = [policy!, ...references.map(frozenScores)];
  const chosen = scorers.map((scores) => scores.chosen);
  const rejected = scorers.map((scores) => scores.rejected);
  const isKept = noneLeftOut(rejected);
  const isUsable = allFinite([...chosen, ...rejected]);
  return {
    scores: scorers.map((scores) => ({
      chosen: select(isUsable, scores.chosen, 0),
      rejected: select(isUsable, scores.rejected, 0),
    })) as readonly PairScores[] as Scorers,
    isKept,
    isSound: allFinite([...chosen, ...rejected.map((scores) => select(isKept, scores, 0))]),
  };
}

/**
 * `losses` of each pair, computed from finite scores alone: 0 where a pair is left out, NaN where it has
 * another score that is not finite. Neither passes a gradient to its pair.
 */
export function perPair<Scorers extends readonly PairScores[]>(
  scorers: Scorers,
  losses: (...scores: Scorers) => Tensor,
): Tensor {
  return tidy(() => {
    const { scores, isKept, isSound } = finitePairs(scorers);
    const kept = select(isKept, losses(...scores), 0);
    return select(isSound, kept, Number.NaN);
  });
}

/**
 * `policy − reference` of each item: the implicit rewards of DPO but for β, if the scores are
 * log-probabilities.
 *
 * @throws {Error} if the four score tensors differ in shape
 */
export function logRatios(policy: PairScores, reference: PairScores): PairScores {
  checkPairs(policy, reference);
  return {
    chosen: sub(policy.chosen, reference.chosen),
    rejected: sub(policy.rejected, reference.rejected),
  };
}
