export { type NewItem, NewItemError, type NewItemProblem } from './adding/new-item.ts';
export type { Answer, AnswerItem } from './answer/answer.ts';
export {
  type ItemFilter,
  type RecommendRequest,
  RequestError,
  UnknownItemError,
} from './answer/request.ts';
export type { SimilarOptions } from './answer/similar.ts';
export type { BundleItem } from './bundle/bundle.ts';
export { BundleError, type BundleProblem } from './bundle/bundle-error.ts';
export type { Manifest } from './bundle/manifest.ts';
export type { Recommender } from './recommender.ts';
export type { FetchFile } from './web/address-source.ts';
export { type OpenBundleOptions, openBundle } from './web/open-bundle.ts';
