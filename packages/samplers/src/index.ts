export {
  batchCandidates,
  type CandidateSource,
  logUniformCandidates,
  type PopularityCandidatesOptions,
  popularityCandidates,
  uniformCandidates,
} from './candidates/candidate-source.ts';
export {
  type CandidatePart,
  type Candidates,
  drawCandidates,
} from './candidates/draw-candidates.ts';
export { excludeChosen } from './exclusions/exclude-chosen.ts';
export { excludeHistory } from './exclusions/exclude-history.ts';
export { excludeNothing } from './exclusions/exclude-nothing.ts';
export { itemLists } from './exclusions/item-lists.ts';
export { mergeExclusions } from './exclusions/merge-exclusions.ts';
export { type MixtureComponent, type MixtureOptions, mixture } from './mixture/mixture.ts';
export type {
  ItemLists,
  NegativeSampler,
  Negatives,
  SamplerState,
  SamplingBatch,
  UniformRandom,
} from './negative-sampler.ts';
export { type AboveChosenOptions, aboveChosen } from './pool/above-chosen.ts';
export {
  type CachedPool,
  type CachedPoolOptions,
  type CachedPoolState,
  cachedPool,
} from './pool/cached-pool.ts';
export { type DynamicNegativesOptions, dynamicNegatives } from './pool/dynamic-negatives.ts';
export { type FilteredOptions, filtered, type NegativeFilter } from './pool/filtered.ts';
export { type HardestOptions, hardest } from './pool/hardest.ts';
export { type NegativeConfidenceOptions, negativeConfidence } from './pool/negative-confidence.ts';
export type { PoolSize } from './pool/pool-size.ts';
export type { PoolWeighting } from './pool/pool-weighting.ts';
export {
  geometricSchedule,
  linearSchedule,
  type Schedule,
  type ScheduleOptions,
} from './pool/schedule.ts';
export { type SimilarItemsOptions, similarItems } from './pool/similar-items.ts';
export { type SimilarToOptions, similarTo } from './pool/similar-to.ts';
export { type TopKPoolOptions, topKPool } from './pool/top-k-pool.ts';
export { PoolTooSmallError } from './pool-too-small-error.ts';
export { type InBatchOptions, inBatch } from './static/in-batch.ts';
export { logQ } from './static/log-q.ts';
export { type LogUniformOptions, logUniform } from './static/log-uniform.ts';
export { type PopularityOptions, popularity } from './static/popularity.ts';
export { type UniformOptions, uniform } from './static/uniform.ts';
