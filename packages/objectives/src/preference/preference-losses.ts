import type { Tensor } from '@tensorflow/tfjs-core';
import { aotLoss, aotUnpairedLoss } from './aot-loss.ts';
import { apoDownLoss, apoZeroLoss } from './apo-loss.ts';
import { bcoPairLoss } from './bco-pair-loss.ts';
import { discopopLoss } from './discopop-loss.ts';
import { type Divergence, isReverseKl } from './divergence.ts';
import { exoPairLoss } from './exo-pair-loss.ts';
import { hingeLoss } from './hinge-loss.ts';
import { ipoLoss } from './ipo-loss.ts';
import { ncaPairLoss } from './nca-pair-loss.ts';
import type { PairScores } from './pair-scores.ts';
import { robustLoss } from './robust-loss.ts';
import { sftLoss } from './sft-loss.ts';
import { sigmoidLoss } from './sigmoid-loss.ts';
import { sppoHardLoss } from './sppo-hard-loss.ts';

/** Name of a preference loss, as TRL spells it. */
export type PreferenceLoss =
  | 'sigmoid'
  | 'hinge'
  | 'ipo'
  | 'exo_pair'
  | 'nca_pair'
  | 'robust'
  | 'bco_pair'
  | 'sppo_hard'
  | 'aot'
  | 'aot_unpaired'
  | 'apo_zero'
  | 'apo_down'
  | 'discopop'
  | 'sft';

interface LossTraits {
  readonly losses: (
    policy: PairScores,
    reference: PairScores,
    options: {
      readonly beta: number;
      readonly divergence: Divergence;
      readonly labelSmoothing: number;
      readonly discopopTau: number;
    },
  ) => Tensor;
  /** Whether only differences inside a context count, if the divergence is reverse KL. */
  readonly cancels: boolean;
  /** Whether other divergences than reverse KL have a meaning. */
  readonly divergence: boolean;
  readonly labelSmoothing: boolean;
  /** Whether element i of the losses belongs to pair i. */
  readonly perPair: boolean;
}

const none = { cancels: false, divergence: false, labelSmoothing: false, perPair: true };
const ofMargin = { ...none, cancels: true, divergence: true };
const ofRanks = { ...none, labelSmoothing: true, perPair: false };

const lossTraits: Readonly<Record<PreferenceLoss, LossTraits>> = {
  sigmoid: { ...ofMargin, losses: sigmoidLoss, labelSmoothing: true },
  hinge: { ...ofMargin, losses: hingeLoss },
  ipo: { ...ofMargin, losses: ipoLoss },
  exo_pair: { ...ofMargin, losses: exoPairLoss, labelSmoothing: true },
  nca_pair: { ...none, losses: ncaPairLoss },
  robust: { ...ofMargin, losses: robustLoss, labelSmoothing: true },
  bco_pair: { ...none, losses: bcoPairLoss },
  sppo_hard: { ...none, losses: sppoHardLoss },
  aot: { ...ofRanks, losses: aotLoss, cancels: true },
  aot_unpaired: { ...ofRanks, losses: aotUnpairedLoss },
  apo_zero: { ...none, losses: apoZeroLoss },
  apo_down: { ...none, losses: apoDownLoss },
  discopop: { ...ofMargin, losses: discopopLoss },
  // No log-ratio, so no divergence to choose: TRL takes any beside it.
  sft: { ...none, losses: sftLoss, divergence: true },
};

/** All names, in TRL's order. */
export const preferenceLosses: readonly PreferenceLoss[] = Object.keys(
  lossTraits,
) as PreferenceLoss[];

/**
 * Whether a loss is the same for unnormalised scores and for log-probabilities: whether the softmax
 * normaliser of a context, which chosen and rejected share, cancels. Where it does not, scores must
 * have their log-normaliser subtracted first.
 *
 * @throws {RangeError} if `loss` is no name of a loss
 */
export function cancelsNormaliser(
  loss: PreferenceLoss,
  divergence: Divergence = 'reverse_kl',
): boolean {
  return traitsOf(loss).cancels && (!traitsOf(loss).divergence || isReverseKl(divergence));
}

/** @throws {RangeError} if `loss` is no name of a loss */
export function traitsOf(loss: PreferenceLoss): LossTraits {
  if (Object.hasOwn(lossTraits, loss)) return lossTraits[loss];
  throw new RangeError(`loss must be one of ${preferenceLosses.join(', ')}, got ${loss}`);
}
