export { type NewItem, NewItemError, type NewItemProblem } from './adding/new-item.ts';
export type { Answer, AnswerItem } from './answer/answer.ts';
export {
  type ItemFilter,
  type RecommendRequest,
  RequestError,
  UnknownItemError,
} from './answer/request.ts';
export type { SimilarOptions } from './answer/similar.ts';
export type { Bundle, BundleItem } from './bundle/bundle.ts';
export { BundleError, type BundleProblem } from './bundle/bundle-error.ts';
export type {
  BundleMetrics,
  BundleSettings,
  Manifest,
  ManifestIndex,
  TimeSettings,
} from './bundle/manifest.ts';
export { type BuildIndex, type WriteBundleOptions, writeBundle } from './bundle/write-bundle.ts';
export { type OpenBundleOptions, openBundle, type Recommender } from './open-bundle.ts';
export type { ReadableHistory } from './reading/history-reader.ts';
export { IndexError, type IndexOptions, usearchIndex } from './scan/usearch-index.ts';
