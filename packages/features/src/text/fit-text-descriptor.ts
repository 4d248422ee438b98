import { setImmediate as nextTurn } from 'node:timers/promises';
import { actionable } from '@rodpo/errors';
import { UnusableInput } from '../unusable-input.ts';
import type { TextDescriptorSettings } from './fitted-text.ts';
import type { HashedNgramsOptions } from './hashed-ngrams.ts';
import { rowsOf, type SparseRows, type SparseVector, sparseRowsBuilder } from './sparse-rows.ts';
import { randomizedSvd } from './svd/randomized-svd.ts';
import { countNgrams, type TextDescriptor, textDescriptor } from './text-descriptor.ts';
import { inverseDocumentFrequencies } from './tfidf.ts';
import { type Vocabulary, type Weigh, weighing } from './vocabulary.ts';

export interface TextDescriptorProgress {
  /** Texts are counted first, then their matrix is factorised. */
  readonly step: 'count' | 'factorise';
  /** Texts counted, or matrix products made. */
  readonly done: number;
  /** Undefined while it is not known: texts are read as they come. */
  readonly total: number | undefined;
}

export interface FitTextDescriptorOptions extends HashedNgramsOptions {
  /** Default 128. */
  readonly dimension?: number;
  /** Columns that fewer texts hold are dropped. Default 2. */
  readonly minDocuments?: number;
  /** Whether a count `c` weighs `1 + ln c`. Default true. */
  readonly sublinear?: boolean;
  /** Whether vectors are scaled to length 1. Default true. */
  readonly normalize?: boolean;
  /** What is read of a text, as in `cleanText`. Default 8192. */
  readonly maxCharacters?: number;
  /** As in `randomizedSvd`. Default 10. */
  readonly oversampling?: number;
  /** As in `randomizedSvd`. Default 4. */
  readonly powerIterations?: number;
  /** Uniform in [0, 1). Equal texts, options and draws give equal bits. */
  readonly random: () => number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TextDescriptorProgress) => void;
}

/** Texts between two turns of others. */
const textsPerTurn = 500;

/**
 * Fits a text embedder that needs no weights: hashed word and character n-grams, weighted by
 * TF-IDF, reduced by a randomised SVD (latent semantic analysis). Its vector of a text is
 * `row · V`, where `row` is the text's TF-IDF row of length 1 and `V` are the first `dimension`
 * right singular vectors, then scaled to length 1. A text of which nothing lies in those
 * directions becomes NaN, never zeros.
 *
 * Texts go through `cleanText`, then Unicode NFKC. Those that cannot be used are skipped. Pass the
 * catalogue, or the items of the training set alone; a sample of some 100,000 is enough of a
 * larger one. The matrix is kept in memory, with 8 bytes for every n-gram that a text holds.
 *
 * @throws {RangeError} if there are fewer usable texts, columns or independent directions than
 * `dimension`, or an option is out of range
 * @throws the signal's reason if it is aborted
 * @see Deerwester et al., "Indexing by Latent Semantic Analysis", JASIS 41, 1990
 */
export async function fitTextDescriptor(
  texts: AsyncIterable<string> | Iterable<string>,
  options: FitTextDescriptorOptions,
): Promise<TextDescriptor> {
  const { oversampling, powerIterations, random, signal, onProgress } = options;
  const settings = settingsOf(options);
  const counts = await countTexts(texts, settings, options);
  const vocabulary = fitVocabulary(counts, settings);
  requireEnough(settings, counts.documentCount, vocabulary.columns.length);

  const weigh = weighing(vocabulary, 2 * settings.featureCount, settings.sublinear);
  const weighed = counts.blocks.map((block) => weighInPlace(block, weigh));
  const { singularValues, components } = await randomizedSvd(weighed, {
    columnCount: vocabulary.columns.length,
    rank: settings.dimension,
    ...(oversampling !== undefined && { oversampling }),
    ...(powerIterations !== undefined && { powerIterations }),
    random,
    signal,
    onProgress: (done, total) => onProgress?.({ step: 'factorise', done, total }),
  });
  requireDirections(singularValues);
  const { documentCount } = counts;
  return textDescriptor({ ...vocabulary, settings, documentCount, projection: components });
}

interface Counts {
  /** In hashed columns. */
  readonly blocks: SparseRows[];
  /** `[hashed columns]` */
  readonly documentFrequencies: Int32Array;
  readonly documentCount: number;
}

async function countTexts(
  texts: AsyncIterable<string> | Iterable<string>,
  settings: TextDescriptorSettings,
  { signal, onProgress }: FitTextDescriptorOptions,
): Promise<Counts> {
  const rows = sparseRowsBuilder();
  const documentFrequencies = new Int32Array(2 * settings.featureCount);
  let [done, documentCount] = [0, 0];
  for await (const text of texts) {
    const counts = countUsable(text, settings);
    if (counts) {
      rows.add(counts);
      for (const column of counts.indices) documentFrequencies[column]!++;
      documentCount++;
    }
    if (++done % textsPerTurn !== 0) continue;
    onProgress?.({ step: 'count', done, total: undefined });
    await nextTurn();
    signal?.throwIfAborted();
  }
  onProgress?.({ step: 'count', done, total: done });
  return { blocks: rows.finish(), documentFrequencies, documentCount };
}

function countUsable(text: string, settings: TextDescriptorSettings): SparseVector | undefined {
  try {
    return countNgrams(text, settings);
  } catch (error) {
    if (error instanceof UnusableInput) return undefined;
    throw error;
  }
}

function fitVocabulary(
  { documentFrequencies, documentCount }: Counts,
  { minDocuments }: TextDescriptorSettings,
): Vocabulary {
  const columns: number[] = [];
  documentFrequencies.forEach((frequency, column) => {
    if (frequency >= minDocuments) columns.push(column);
  });
  const frequencies = columns.map((column) => documentFrequencies[column]!);
  return {
    columns: Int32Array.from(columns),
    idf: inverseDocumentFrequencies(frequencies, documentCount),
  };
}

/** In place: rows only become shorter, and a second matrix would double the memory. */
function weighInPlace({ starts, columns, values }: SparseRows, weigh: Weigh): SparseRows {
  const weighedStarts = new Int32Array(starts.length);
  let end = 0;
  [...rowsOf({ starts, columns, values })].forEach((row, index) => {
    const weighed = weigh(row);
    columns.set(weighed.indices, end);
    values.set(weighed.values, end);
    end += weighed.indices.length;
    weighedStarts[index + 1] = end;
  });
  return {
    starts: weighedStarts,
    columns: columns.subarray(0, end),
    values: values.subarray(0, end),
  };
}

function settingsOf({
  dimension = 128,
  words = [1, 2],
  characters = [3, 5],
  featureCount = 2 ** 18,
  minDocuments = 2,
  sublinear = true,
  normalize = true,
  maxCharacters = 8192,
}: FitTextDescriptorOptions): TextDescriptorSettings {
  for (const [name, value] of Object.entries({ dimension, minDocuments })) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw actionable(new RangeError(`${name} must be a positive integer, got ${value}`));
  }
  const kinds = { words, characters, featureCount };
  return { dimension, ...kinds, minDocuments, sublinear, normalize, maxCharacters };
}

function requireEnough({ dimension }: { dimension: number }, texts: number, columns: number): void {
  const largest = Math.min(texts, columns);
  if (dimension <= largest) return;
  throw actionable(
    new RangeError(
      `${texts} usable texts with ${columns} columns in common allow a dimension of at most ` +
        `${largest}, got ${dimension}: ask for less, pass more texts, or lower minDocuments.`,
    ),
  );
}

function requireDirections(singularValues: Float64Array): void {
  const directions = singularValues.indexOf(0);
  if (directions < 0) return;
  throw actionable(
    new RangeError(
      `The texts have only ${directions} independent directions, got a dimension of ` +
        `${singularValues.length}: ask for less, or pass texts that differ more.`,
    ),
  );
}
