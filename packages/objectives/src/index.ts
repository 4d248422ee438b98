export { combineLosses, type LossTerm } from './combine-losses.ts';
export { dmpoLoss } from './negatives/dmpo-loss.ts';
export { type DynamicBetaOptions, dynamicBetaLoss } from './negatives/dynamic-beta-loss.ts';
export type { ListScores } from './negatives/list-scores.ts';
export { softmaxDpoLoss } from './negatives/softmax-dpo-loss.ts';
export { aotLoss, aotUnpairedLoss } from './preference/aot-loss.ts';
export { apoDownLoss, apoZeroLoss } from './preference/apo-loss.ts';
export { bcoPairLoss } from './preference/bco-pair-loss.ts';
export { type DiscopopOptions, discopopLoss } from './preference/discopop-loss.ts';
export type { AlphaDivergence, Divergence } from './preference/divergence.ts';
export { type DpoOptions, dpoLoss, type PreferencePart } from './preference/dpo-loss.ts';
export { type ExoPairOptions, exoPairLoss } from './preference/exo-pair-loss.ts';
export { hingeLoss } from './preference/hinge-loss.ts';
export { ipoLoss } from './preference/ipo-loss.ts';
export { ncaPairLoss } from './preference/nca-pair-loss.ts';
export type {
  BetaOption,
  DivergenceOption,
  LabelSmoothingOption,
} from './preference/pair-options.ts';
export type { PairScores } from './preference/pair-scores.ts';
export {
  cancelsNormaliser,
  type PreferenceLoss,
  preferenceLosses,
} from './preference/preference-losses.ts';
export { preferenceMargin } from './preference/preference-margin.ts';
export {
  type PreferenceMetric,
  type PreferenceMetricsOptions,
  preferenceMetrics,
} from './preference/preference-metrics.ts';
export { robustLoss } from './preference/robust-loss.ts';
export { sftLoss } from './preference/sft-loss.ts';
export { sigmoidLoss } from './preference/sigmoid-loss.ts';
export { sppoHardLoss } from './preference/sppo-hard-loss.ts';
export { weightedMean } from './preference/weighted-mean.ts';
export { type WpoNormalisers, wpoWeights } from './preference/wpo-weights.ts';
export { bceLoss } from './recommendation/bce-loss.ts';
export { bprLoss } from './recommendation/bpr-loss.ts';
export {
  type DebiasedContrastiveOptions,
  debiasedContrastiveLoss,
} from './recommendation/debiased-contrastive-loss.ts';
export { type GbceOptions, gbceLoss, gbcePrior } from './recommendation/gbce-loss.ts';
export {
  type InBatchSoftmaxOptions,
  inBatchSoftmaxLoss,
} from './recommendation/in-batch-softmax-loss.ts';
export {
  type LinearCrossEntropyOptions,
  linearCrossEntropy,
} from './recommendation/linear-cross-entropy.ts';
export { type LogNormaliserOptions, logNormaliser } from './recommendation/log-normaliser.ts';
export {
  type SampledCrossEntropyOptions,
  type SampledRows,
  sampledCrossEntropy,
} from './recommendation/sampled-cross-entropy.ts';
export {
  type SampledSoftmaxOptions,
  type SamplingLogProbabilities,
  sampledSoftmaxLoss,
} from './recommendation/sampled-softmax-loss.ts';
export { softmaxCrossEntropy } from './recommendation/softmax-cross-entropy.ts';
export { type CpoOptions, cpoLoss } from './reference-free/cpo-loss.ts';
export { type SimpoOptions, simpoLoss } from './reference-free/simpo-loss.ts';
export {
  type CachedReferenceOptions,
  cachedReference,
  type ReferenceScores,
} from './reference-policy/cached-reference.ts';
export { noReference } from './reference-policy/no-reference.ts';
export { type SyncReferenceOptions, syncReference } from './reference-policy/sync-reference.ts';
