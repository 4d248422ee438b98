export type { Embedder, EmbedderDescription, Json } from './embedder.ts';
export { type ExtractionReport, type ExtractOptions, extract } from './extraction/extract.ts';
export {
  type ExtractShardOptions,
  extractShard,
  type ShardReport,
} from './extraction/extract-shard.ts';
export { ExtractionError } from './extraction/extraction-error.ts';
export { type ItemTableOptions, itemTable } from './extraction/item-table.ts';
export { ItemTableError } from './extraction/item-table-error.ts';
export type { Clock, ExtractionProgress } from './extraction/progress.ts';
export type { InputOf } from './extraction/row-input.ts';
export type { ItemRow } from './extraction/table-format.ts';
export { type ConcatenateOptions, concatenate, type Fused } from './fusion/concatenate.ts';
export { fillMissing } from './fusion/fill-missing.ts';
export { type FitWhiteningOptions, fitWhitening } from './fusion/fit-whitening.ts';
export { type MeanVectorOptions, meanVector } from './fusion/mean-vector.ts';
export { normalizeRows } from './fusion/normalize-rows.ts';
export {
  type Projection,
  type ProjectionData,
  type ProjectionMethod,
  projection,
} from './fusion/projection.ts';
export type { RowSelection } from './fusion/select-rows.ts';
export { type Item, type ItemSource, itemList } from './item.ts';
export type { ItemVectors } from './item-vectors.ts';
export type { Failure, FailureCounts } from './store/failure.ts';
export type { DamagedShard } from './store/find-damage.ts';
export { type FinishedStore, type FinishStoreOptions, finishStore } from './store/finish-store.ts';
export { type ImportVectorsOptions, importVectors } from './store/import-vectors.ts';
export type { Manifest, ShardEntry } from './store/manifest.ts';
export {
  type FeatureStore,
  openStore,
  type ReaderOptions,
  type RowsOptions,
} from './store/open-store.ts';
export { shardCount } from './store/shard-range.ts';
export { StoreError } from './store/store-error.ts';
export type { VectorReader } from './store/vector-reader.ts';
export type { ImportedRows, VectorRows } from './store/vector-rows.ts';
export type { DownloadProgress } from './transformers/download-file.ts';
export { loadTransformers, type TransformersPackage } from './transformers/load-transformers.ts';
export { ModelNotFoundError } from './transformers/model-not-found-error.ts';
export type { ModelSource } from './transformers/model-source.ts';
export { TransformersNotFoundError } from './transformers/transformers-not-found-error.ts';
export type { TransformersOptions, WeightFormat } from './transformers/transformers-options.ts';
export { type FailureReason, UnusableInput } from './unusable-input.ts';
export type { Compressors } from './vectors/parquet-rows.ts';
export { readIdList } from './vectors/read-id-list.ts';
export {
  type NpyArray,
  type NpyRows,
  type ReadNpyRowsOptions,
  readNpy,
  readNpyRows,
} from './vectors/read-npy.ts';
export {
  type ReadParquetVectorsOptions,
  readParquetVectors,
  type VectorBlock,
} from './vectors/read-parquet-vectors.ts';
export { VectorFileError } from './vectors/vector-file-error.ts';
export { type WriteNpyOptions, writeNpy } from './vectors/write-npy.ts';
