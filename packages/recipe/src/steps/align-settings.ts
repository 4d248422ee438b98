import type { StepContext } from '@rodpo/compile';
import type { NegativeSampler } from '@rodpo/samplers';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { CandidateSettings, PoolCandidates } from './candidate-settings.ts';
import type { ReadTokens } from './draw-from-history.ts';
import type { EncodedBatch } from './encoded-batch.ts';
import type { SampledLoss } from './pretrain-loss.ts';
import type { StepSettings } from './training-step.ts';

/** Scores of chosen and rejected items under one model. */
export interface PreferenceScores {
  /** `[tokens]`. */
  readonly chosen: Tensor;
  /** `[tokens]`, or `[tokens, count]` for several negatives. */
  readonly rejected: Tensor;
}

/** A loss of your own: policy and reference scores of one batch to one scalar. */
export type OwnPreferenceLoss = (
  policy: PreferenceScores,
  reference: PreferenceScores,
  /** `weights` `[tokens]`: 0 for padding and where nothing could be drawn. */
  options: { readonly beta: number; readonly weights: Tensor },
) => Scalar;

/** What a draw inside the step sees. */
export interface DrawContext {
  /** Users and items under the policy as it is now, with dropout unless `margin` is `no-dropout`. */
  readonly policy: EncodedBatch;
  readonly reference: EncodedBatch;
  /**
   * `[tokens, m]` int32, distinct and ascending, then fillers: what must not be drawn. Where there are
   * `candidates`, their places among these.
   */
  readonly excluded: Tensor;
  /** `[tokens]` int32: the chosen items, −1 where a token is not learned from, as in padding. */
  readonly chosen: Tensor;
  readonly itemCount: number;
  /** Negatives per token. */
  readonly count: number;
  /** Tokens whose catalogue scores may exist at a time. */
  readonly blockSize: number;
  readonly uniform: StepContext['uniform'];
  /** The batch as it is read; needed for negatives of the history. */
  readonly tokens?: ReadTokens;
  /** Distinct items that pools are drawn among, `[n]` int32. Default: all. */
  readonly candidates?: Tensor;
}

/** What was drawn for each token. */
export interface DrawnNegatives {
  /** `[tokens]`, or `[tokens, count]` for several; int32. */
  readonly items: Tensor;
  /** `[tokens]`: 0 where there was nothing to draw. Absent if there always is something. */
  readonly valid?: Tensor;
  /** Natural logarithms of their probabilities, in the shape of `items`; absent if unknown. */
  readonly logProbabilities?: Tensor;
}

/** A draw in plain tfjs, inside the step: any function of `@rodpo/samplers/tfjs`, or your own. */
export type DrawInStep = (context: DrawContext) => DrawnNegatives;

/** A sampler of `@rodpo/samplers`, drawn from between two steps. */
export interface HostNegatives {
  readonly from: 'sampler';
  readonly sampler: NegativeSampler;
  /**
   * Whether the sampler looks at scores. Then every item is scored for every token before each step,
   * by the policy without dropout: slower, and `tokens · itemCount` numbers large. Default false.
   */
  readonly scored?: boolean;
}

/** Power of an item's interactions that it is drawn by, unless it is set. */
export const popularityExponent = 0.75;

/** Where rejected items come from. */
export type NegativeSource =
  | { readonly from: 'catalogue' }
  /** In proportion to the number of training interactions, to a power. Default 0.75. */
  | { readonly from: 'popularity'; readonly exponent?: number }
  /** What was chosen at the other positions that the batch learns from. */
  | { readonly from: 'batch' }
  /**
   * What the user chose before, as far back as is read, but for the chosen item itself; an item as often as it
   * was chosen. Sure negatives where nobody chooses twice. `exclude` is not asked.
   */
  | { readonly from: 'history' }
  /** The `size` best-scored items that are not excluded; 1 is the hardest alone. */
  | {
      readonly from: 'pool';
      readonly size: number;
      /** The policy as it is now, or the frozen reference: then a pool never changes. Default 'policy'. */
      readonly scoredBy?: 'policy' | 'reference';
      /**
       * Pools are the best of items drawn for each batch, not of the catalogue (DNS). Default: of all, or
       * of 4,096 where item rows are on the host.
       */
      readonly among?: PoolCandidates | undefined;
    }
  | HostNegatives
  | DrawInStep;

/**
 * What policy and reference are scored under when chosen and rejected items are compared. They should say the
 * same at the start, where they are the same model: then every margin is 0, and only what is learnt moves it.
 *
 * - `policy-dropout`: the policy with dropout, the reference without. The margin starts below 0 by what
 *   dropout takes from the policy.
 * - `no-dropout`: the policy without dropout for pool and pairs; with it for the cross-entropy. Costs a second
 *   reading of each batch by the policy, both ways, if there is a cross-entropy.
 * - `same-dropout`: the reference under the policy's own dropout masks. It is read in each step in place of
 *   being kept: costs a reading of each batch, one way.
 * - `centred`: as `policy-dropout`, and margins count from their running mean, which holds what was learnt
 *   as well.
 */
export type Margin = 'policy-dropout' | 'no-dropout' | 'same-dropout' | 'centred';

/** Every setting of an alignment step. */
export interface AlignSettings extends StepSettings {
  /** `none` leaves the cross-entropy alone: the control that trains as long without DPO. */
  readonly loss: 'dpo' | 'softmax-dpo' | 'none' | OwnPreferenceLoss;
  readonly negatives: NegativeSource;
  /** Negatives per token. */
  readonly count: number;
  readonly beta: number;
  /** Default 'policy-dropout'. */
  readonly margin?: Margin;
  /** λ: weight of the cross-entropy beside the preference loss. */
  readonly crossEntropyWeight: number;
  /**
   * Weight of the encoder's own losses beside both: the balance of its routers, HM4SR's contrasts. At 0 they are
   * logged only. Default 1.
   */
  readonly auxiliaryWeight?: number | undefined;
  /** Among which items that cross-entropy is. Default 'auto', as in pretraining. */
  readonly crossEntropy?: { readonly kind: 'auto' } | { readonly kind: 'softmax' } | SampledLoss;
  /** Never drawn: the chosen item only, or every training item of the user that is read. */
  readonly exclude: 'chosen' | 'history';
}

/** What a step of these settings compares with candidates, and how they are drawn. */
export function candidatesOf({
  loss,
  negatives,
  crossEntropy,
  crossEntropyWeight,
}: Pick<AlignSettings, 'loss' | 'negatives' | 'crossEntropy' | 'crossEntropyWeight'>): {
  readonly pool?: PoolCandidates;
  readonly softmax?: CandidateSettings;
} {
  const isPool = loss !== 'none' && typeof negatives === 'object' && negatives.from === 'pool';
  const among = isPool ? negatives.among : undefined;
  const sampled =
    crossEntropyWeight > 0 && crossEntropy?.kind === 'sampled' ? crossEntropy : undefined;
  return { ...(among ? { pool: among } : {}), ...(sampled ? { softmax: sampled } : {}) };
}

/** The sampler to ask between two steps, if it is one that is asked there. */
export function hostNegatives(source: NegativeSource): HostNegatives | undefined {
  return typeof source === 'object' && source.from === 'sampler' ? source : undefined;
}
