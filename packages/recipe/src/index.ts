export { TimesMissingError } from '@rodpo/data';
export { type BatchLayout, tokenCount } from './batches/batch-layout.ts';
export { type Dataset, matrixTastes, type Tastes } from './batches/dataset.ts';
export type { TimeScale } from './batches/time-inputs.ts';
export {
  type LearnedPositions,
  type TrainingBatch,
  type TrainingSet,
  type TrainingWindows,
  trainingBatches,
} from './batches/training-set.ts';
export {
  type ExportEncoderOptions,
  type ExportedEncoder,
  exportEncoder,
} from './ranking/export-encoder.ts';
export { NewItemsError } from './ranking/export-new-items.ts';
export { type Ranking, type RankingFigures, type RankOptions, rank } from './ranking/rank.ts';
export {
  type History,
  type Recommendation,
  type RecommendOptions,
  recommend,
} from './ranking/recommend.ts';
export { markovRule } from './rules/markov-rule.ts';
export { popularityRule } from './rules/popularity-rule.ts';
export type { Rule } from './rules/rule.ts';
export { type AlignBatch, type AlignLossSettings, alignLoss } from './steps/align-loss.ts';
export {
  type AlignSettings,
  type DrawContext,
  type DrawInStep,
  type DrawnNegatives,
  type HostNegatives,
  type Margin,
  type NegativeSource,
  type OwnPreferenceLoss,
  type PreferenceScores,
  popularityExponent,
} from './steps/align-settings.ts';
export { excludedCount } from './steps/align-step.ts';
export type {
  CandidateDistribution,
  CandidateSettings,
  CandidateSourceSettings,
  IndexCandidates,
  PoolCandidates,
} from './steps/candidate-settings.ts';
export type { ReadTokens } from './steps/draw-from-history.ts';
export type { EncodedBatch } from './steps/encoded-batch.ts';
export {
  gbceDefaults,
  type LossBatch,
  type PretrainLoss,
  type SampledLoss,
} from './steps/pretrain-loss.ts';
export type { PretrainSettings } from './steps/pretrain-step.ts';
export type { SampledCandidates } from './steps/sampled-softmax.ts';
export { type AlignOptions, align, alignProgram } from './training/align.ts';
export { type AlignInputs, alignInputs } from './training/align-inputs.ts';
export { candidateDefaults, lossBySize } from './training/by-size.ts';
export {
  type Checkpoints,
  type Latest,
  memoryCheckpoints,
  type Standing,
  standingIn,
} from './training/checkpoints.ts';
export { countNegatives, type NegativeRates } from './training/count-negatives.ts';
export { alignDefaults, pretrainDefaults } from './training/defaults.ts';
export { type EpochEntry, timings, untimed } from './training/epoch-log.ts';
export { folderCheckpoints } from './training/folder-checkpoints.ts';
export { indexDefaults, type PoolIndex, poolIndex } from './training/pool-index.ts';
export {
  initialWeights,
  type PretrainOptions,
  pretrain,
  pretrainInputs,
  pretrainProgram,
} from './training/pretrain.ts';
export type { Limits, StepReport, Trained, TrainingHooks } from './training/train.ts';
export type { CaseRange } from './workspace/case-range.ts';
export { compiledEngine, type Engine, eagerEngine } from './workspace/engine.ts';
export { interruptible } from './workspace/interruptible.ts';
export type { ItemVectorReader, ItemVectors } from './workspace/item-vectors.ts';
export type {
  BothRanks,
  EvaluationRanker,
  HeldOut,
  PartRanker,
  ValidationRanker,
} from './workspace/ranker.ts';
export type { Weights } from './workspace/weights.ts';
export {
  type EncoderInputs,
  itemRowsBySize,
  mostItemsInProgram,
  openWorkspace,
  type Workspace,
  type WorkspaceOptions,
} from './workspace/workspace.ts';
