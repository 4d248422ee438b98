export { countTies } from './dataset/count-ties.ts';
export { FlatSequences, flatSequences } from './dataset/flat-sequences.ts';
export type { Id } from './dataset/id-text.ts';
export type { SequenceDataset } from './dataset/sequence-dataset.ts';
export type { ReadonlyList, Sequences } from './dataset/sequences.ts';
export { isPlausibleDate, perSecond, type TimeUnit, timeUnit } from './dataset/time-unit.ts';
export { timesInSeconds } from './dataset/times-in-seconds.ts';
export { TimesMissingError } from './dataset/times-missing-error.ts';
export { DataFormatError } from './files/data-format-error.ts';
export type { InterFields } from './files/inter-header.ts';
export { readInter } from './files/read-inter.ts';
export { readSequences } from './files/read-sequences.ts';
export {
  type EncodedHistories,
  encodeHistories,
  type IdHistory,
  type IndexHistory,
  indexOfIds,
} from './histories/encode-histories.ts';
export {
  type FromInteractionsOptions,
  type FromInteractionsResult,
  fromInteractions,
  type InteractionColumns,
} from './interactions/from-interactions.ts';
export type { Interaction } from './interactions/gather-interactions.ts';
export type { InteractionsReport } from './interactions/intake-report.ts';
export { type InteractionColumn, InteractionError } from './interactions/interaction-error.ts';
export { type PackRowsOptions, packRows } from './pack/pack-rows.ts';
export { packTokens } from './pack/pack-tokens.ts';
export type { PackedBatch, Placement } from './pack/packed-batch.ts';
export { paddingShare } from './pack/padding-share.ts';
export {
  type PublishedCatalogueName,
  type PublishedItem,
  publishedCatalogueNames,
  readPublishedItems,
} from './published/items.ts';
export {
  type PublishedName,
  type ReadPublishedOptions,
  readPublished,
} from './published/read-published.ts';
export {
  type PublishedTable,
  type PublishedTableName,
  publishedTables,
} from './published/tables.ts';
export { leaveNOut } from './split/leave-n-out.ts';
export { leaveOneOut } from './split/leave-one-out.ts';
export type { HeldOutShares } from './split/require-shares.ts';
export type { RankingCase, SequenceSplit } from './split/sequence-split.ts';
export {
  type SequenceWindow,
  type SlidingWindowsOptions,
  slidingWindows,
} from './split/sliding-windows.ts';
export { splitByRatio } from './split/split-by-ratio.ts';
export { type SplitMoments, splitByTime } from './split/split-by-time.ts';
export { type SplitByUsersOptions, splitByUsers } from './split/split-by-users.ts';
export { applySteps, type StepCounts } from './steps/apply-steps.ts';
export type {
  ActivityStep,
  CoreStep,
  DataStep,
  DuplicatesStep,
  NewestStep,
  RepeatsStep,
  SampleStep,
} from './steps/data-step.ts';
export type { KeepRepeated } from './steps/drop-repeated.ts';
export type { DatasetSize } from './steps/interaction-mask.ts';
export { type KCoreOptions, kCore } from './steps/k-core.ts';
export { listTableFiles } from './tables/list-table-files.ts';
export { isPattern, literalPattern } from './tables/literal-pattern.ts';
export { readTable } from './tables/read-table.ts';
export { TableError, type TablePlace } from './tables/table-error.ts';
export type {
  ReadTableOptions,
  TableColumns,
  TableFormat,
  TableLayout,
  TableReport,
  TableStep,
} from './tables/table-options.ts';
export { writeParquet } from './writers/write-parquet.ts';
export { writeInter, writeSequences } from './writers/write-text.ts';
