export {
  type AttentionOptions,
  type AttentionWeights,
  causalSegmentMask,
  selfAttention,
} from './attention.ts';
export {
  type BlockContext,
  type BlockOutput,
  type BlockSettings,
  encoderBlock,
} from './encoder-block.ts';
export { type EncoderCost, encoderCost } from './encoder-cost.ts';
export { type FeedForwardWeights, feedForward } from './feed-forward.ts';
export { hm4srCost } from './hm4sr/hm4sr-cost.ts';
export { hm4srDefaults } from './hm4sr/hm4sr-defaults.ts';
export { hm4srEncoder } from './hm4sr/hm4sr-encoder.ts';
export { type InBatchContrastOptions, inBatchContrast } from './hm4sr/in-batch-contrast.ts';
export type { Hm4srContrast, Hm4srLosses, Hm4srSettings } from './hm4sr/settings.ts';
export type { InitialArray } from './initial-array.ts';
export { type IntervalBucketOptions, intervalBuckets } from './interval-buckets.ts';
export {
  type Fusion,
  fuse,
  type ItemStream,
  idStream,
  projectedStream,
} from './item-streams.ts';
export {
  megatronBalanceLoss,
  mixtralBalanceLoss,
  type RoutedTokens,
  switchBalanceLoss,
} from './moe/balance-losses.ts';
export { nextBias } from './moe/balanced-bias.ts';
export { type CapacityOptions, expertCapacity, withinCapacity } from './moe/capacity.ts';
export { choiceCounts } from './moe/choice-counts.ts';
export { type Dispatch, dispatch, fromExperts, toExperts } from './moe/dispatch.ts';
export { everyGroup } from './moe/every-group.ts';
export { type ExpertLinearWeights, expertLinears } from './moe/expert-linears.ts';
export type { GroupedLinear } from './moe/grouped-linear.ts';
export { importanceLoss } from './moe/importance-loss.ts';
export { initMixture } from './moe/init-mixture.ts';
export { loadLoss } from './moe/load-loss.ts';
export {
  type MixtureOptions,
  type MixtureResult,
  mixtureOfExperts,
} from './moe/mixture-of-experts.ts';
export type { BalanceSettings, MixtureSettings } from './moe/mixture-settings.ts';
export { type RouterNoise, type RouterOptions, type Routing, route } from './moe/route.ts';
export { routerDefaults } from './moe/router-defaults.ts';
export { routerZLoss } from './moe/router-z-loss.ts';
export {
  type RoutingStatistics,
  routingStatistics,
  type StatisticsInput,
} from './moe/routing-statistics.ts';
export type { VariationOptions } from './moe/squared-variation.ts';
export { type Positions, positionVectors } from './positions.ts';
export { scoreItems } from './score-items.ts';
export type {
  DenseFeatures,
  Encoded,
  EncodeOptions,
  FeatureTable,
  ItemFeatures,
  NewItems,
  PackedTokens,
  Parameters,
  SequenceEncoder,
  SparseFeatures,
} from './sequence-encoder.ts';
export { transformerEncoder } from './transformer-encoder.ts';
export type { TransformerSettings } from './transformer-settings.ts';
export { type WeightDrawer, weightDrawer } from './weight-drawer.ts';
