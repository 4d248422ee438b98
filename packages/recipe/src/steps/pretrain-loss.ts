import type { StepContext, scan } from '@rodpo/compile';
import type { Scalar } from '@tensorflow/tfjs-core';
import type { CandidateSettings } from './candidate-settings.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import type { TrainingContext } from './training-step.ts';

/** What a loss of your own reads of one batch. */
export interface LossBatch extends EncodedBatch, Pick<TrainingContext, 'uniform' | 'log'> {
  /** `[tokens]` int32: what came next. */
  readonly targets: StepContext['inputs'][string];
  /** `[tokens]` float32: 0 for padding and for what is not learned from. */
  readonly weights: StepContext['inputs'][string];
  /**
   * `[tokens, maxLength + 1]` int32: the user's training items that are read, distinct and ascending,
   * then fillers of `itemCount`.
   */
  readonly excluded: StepContext['inputs'][string];
  /** Tokens whose catalogue scores may exist at a time: for `linearCrossEntropy`. */
  readonly blockSize: number;
  readonly scan: typeof scan;
}

/** Cross-entropy among the chosen item and candidates, less the logarithm of how likely each was to be one. */
export interface SampledLoss extends CandidateSettings {
  readonly kind: 'sampled';
}

/** What pretraining minimises: one scalar a batch. */
export type PretrainLoss =
  /** `softmax`, or `sampled` with 4,096 candidates where item rows are on the host. */
  | { readonly kind: 'auto' }
  /** Cross-entropy over the whole catalogue. */
  | { readonly kind: 'softmax' }
  /** The same among items drawn for each batch: a cost that does not grow with the catalogue. */
  | SampledLoss
  /** Binary cross-entropy against items drawn uniformly, none that the user is read to have chosen. */
  | {
      readonly kind: 'gbce';
      /** Drawn for each position. Default 1. */
      readonly negatives?: number;
      /** 0 with one negative is SASRec's loss; gSASRec's authors take 0.75 with 256. Default 0.75. */
      readonly calibration?: number;
      /**
       * Added to every score while learning; rankings do not see it. `prior`, the default, is
       * `gbcePrior` of `@rodpo/objectives`: training need not first push all scores down to there.
       * `none` learns as published.
       */
      readonly offset?: 'prior' | 'none';
    }
  /** Any other, in plain tfjs. */
  | ((batch: LossBatch) => Scalar);

/** What 'auto' is one of. */
export type DecidedLoss = Exclude<PretrainLoss, { readonly kind: 'auto' }>;

/** SASRec's one negative, calibrated as gSASRec's authors do. */
export const gbceDefaults: Required<Omit<Extract<PretrainLoss, { kind: 'gbce' }>, 'kind'>> = {
  negatives: 1,
  calibration: 0.75,
  offset: 'prior',
};

/** Whether a loss reads what must not be drawn. */
export function readsExcluded(loss: PretrainLoss): boolean {
  return typeof loss === 'function' || loss.kind === 'gbce';
}
