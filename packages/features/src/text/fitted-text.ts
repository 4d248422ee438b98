import { createHash } from 'node:crypto';
import type { EmbedderDescription } from '../embedder.ts';
import type { NgramRange } from './hashed-ngrams.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What decides a descriptor's vectors besides the texts it was fitted on. */
export interface TextDescriptorSettings {
  readonly dimension: number;
  readonly words: NgramRange | null;
  readonly characters: NgramRange | null;
  readonly featureCount: number;
  readonly minDocuments: number;
  readonly sublinear: boolean;
  readonly normalize: boolean;
  readonly maxCharacters: number;
}

/** All that a fit has found. */
export interface FittedText extends Vocabulary {
  readonly settings: TextDescriptorSettings;
  /** How many texts it was fitted on. */
  readonly documentCount: number;
  /** `[columns, dimension]`, row-major. */
  readonly projection: Float32Array;
}

export const modelName = 'hashed-tfidf-svd';

/** To be raised whenever equal settings give other numbers. */
export const revision = '1';

/** Names the fit, with a checksum of all of it. */
export function describeFit(fitted: FittedText): EmbedderDescription {
  const { settings, documentCount } = fitted;
  const checksum = checksumOf(fitted);
  return { model: modelName, revision, ...settings, documentCount, checksum };
}

/** The bytes of a fitted array, without a copy. */
function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function checksumOf({ settings, documentCount, columns, idf, projection }: FittedText): string {
  const hash = createHash('sha256').update(JSON.stringify([settings, documentCount]));
  for (const array of [columns, idf, projection]) hash.update(bytesOf(array));
  return hash.digest('hex');
}
