export { clipTexts } from './models/clip-texts.ts';
export { type SentenceModelOptions, sentenceModel } from './models/sentence-model.ts';
export { type CleanTextOptions, cleanText } from './text/clean-text.ts';
export {
  type FitTextDescriptorOptions,
  fitTextDescriptor,
  type TextDescriptorProgress,
} from './text/fit-text-descriptor.ts';
export { type HashedNgramsOptions, hashedNgrams, type NgramRange } from './text/hashed-ngrams.ts';
export { loadTextDescriptor } from './text/load-text-descriptor.ts';
export { type SparseRows, type SparseVector, sparseRows } from './text/sparse-rows.ts';
export {
  type RandomizedSvdOptions,
  randomizedSvd,
  type TruncatedSvd,
} from './text/svd/randomized-svd.ts';
export type { TextDescriptor } from './text/text-descriptor.ts';
export { inverseDocumentFrequencies, type TfidfOptions, tfidf } from './text/tfidf.ts';
export type { TextModelOptions, TokenIds } from './transformers/text-embedder.ts';
