export {
  type ChosenDrift,
  chosenDrift,
  type Drift,
  type DriftScores,
} from './alignment/chosen-drift.ts';
export { type FalseNegatives, falseNegativeRate } from './alignment/false-negative-rate.ts';
export { negativeHardness } from './alignment/negative-hardness.ts';
export { type PoolOverlap, poolOverlap } from './alignment/pool-overlap.ts';
export type { PreferenceScores } from './alignment/preference-scores.ts';
export {
  type RewardMetrics,
  type RewardModels,
  type RewardOptions,
  rewardMetrics,
} from './alignment/reward-metrics.ts';
export { averagePopularity } from './beyond-accuracy/average-popularity.ts';
export { type CalibrationOptions, calibration } from './beyond-accuracy/calibration.ts';
export type { CaseLists, FlatLists, ItemLists } from './beyond-accuracy/case-lists.ts';
export { catalogueCoverage } from './beyond-accuracy/catalogue-coverage.ts';
export { addExposure, exposureCounts } from './beyond-accuracy/exposure-counts.ts';
export { giniIndex } from './beyond-accuracy/gini-index.ts';
export { intraListDiversity } from './beyond-accuracy/intra-list-diversity.ts';
export type {
  DenseCategories,
  ItemCategories,
  SparseCategories,
} from './beyond-accuracy/item-categories.ts';
export type { ItemMembership } from './beyond-accuracy/item-membership.ts';
export { type NoveltyOptions, novelty } from './beyond-accuracy/novelty.ts';
export { popularityLift } from './beyond-accuracy/popularity-lift.ts';
export { serendipity } from './beyond-accuracy/serendipity.ts';
export { type ShannonEntropyOptions, shannonEntropy } from './beyond-accuracy/shannon-entropy.ts';
export { type TailItemsOptions, tailItems } from './beyond-accuracy/tail-items.ts';
export { tailShare } from './beyond-accuracy/tail-share.ts';
export { type CaseMean, caseMean } from './groups/case-mean.ts';
export { groupMeans } from './groups/group-means.ts';
export { historyLengthGroups } from './groups/history-length-groups.ts';
export {
  type ItemPopularityGroupsOptions,
  itemPopularityGroups,
} from './groups/item-popularity-groups.ts';
export { auc } from './ranking/auc.ts';
export { averagePrecisionAt } from './ranking/average-precision-at.ts';
export type { GainForm } from './ranking/graded-gains.ts';
export { hitAt } from './ranking/hit-at.ts';
export type { RankMetricName } from './ranking/keyed-metrics.ts';
export { mrrAt } from './ranking/mrr-at.ts';
export { type NdcgOptions, ndcgAt } from './ranking/ndcg-at.ts';
export { precisionAt } from './ranking/precision-at.ts';
export { rankMetrics } from './ranking/rank-metrics.ts';
export { rankMetricsPerCase } from './ranking/rank-metrics-per-case.ts';
export { rankOfTarget } from './ranking/rank-of-target.ts';
export type { Ranks } from './ranking/ranks.ts';
export { ranksInList } from './ranking/ranks-in-list.ts';
export { ranksOf } from './ranking/ranks-of.ts';
export { recallAt } from './ranking/recall-at.ts';
export type { RankOptions, TiePolicy } from './ranking/tie-policy.ts';
export { type TopRankedOptions, topRanked } from './ranking/top-ranked.ts';
export { type CorrectionOptions, correctedMetric } from './sampled/corrected-metric.ts';
export { estimatedRank } from './sampled/estimated-rank.ts';
export type { Sampling } from './sampled/sampling.ts';
export type { Alternative } from './significance/alternative.ts';
export type { BootstrapEstimate } from './significance/bootstrap-interval.ts';
export { type CohensDzOptions, cohensDz } from './significance/cohens-dz.ts';
export { type AdjustedComparison, compareAll } from './significance/compare-all.ts';
export {
  type ComparePairedOptions,
  comparePaired,
  type PairedComparison,
} from './significance/compare-paired.ts';
export { holm } from './significance/holm.ts';
export { type NestedBootstrapOptions, nestedBootstrap } from './significance/nested-bootstrap.ts';
export { type OverSeeds, type OverSeedsOptions, overSeeds } from './significance/over-seeds.ts';
export { type PairedBootstrapOptions, pairedBootstrap } from './significance/paired-bootstrap.ts';
export {
  type PairedTTest,
  type PairedTTestOptions,
  pairedTTest,
} from './significance/paired-t-test.ts';
export { type RankBiserialOptions, rankBiserial } from './significance/rank-biserial.ts';
export { relativeGain } from './significance/relative-gain.ts';
export type { ZeroMethod } from './significance/signed-ranks.ts';
export type { Interval } from './significance/t-interval.ts';
export {
  type WilcoxonOptions,
  type WilcoxonTest,
  wilcoxonSignedRank,
} from './significance/wilcoxon-signed-rank.ts';
export {
  type RankMetricsStream,
  rankMetricsStream,
  type StreamedMetric,
} from './stream/rank-metrics-stream.ts';
export { type Moments, type RunningMoments, runningMoments } from './stream/running-moments.ts';
