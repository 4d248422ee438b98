import { leaveOneOut, type SequenceSplit } from '@rodpo/data';
import type { IntervalBucketOptions, SequenceEncoder } from '@rodpo/encoder';
import { requireOneOf, requirePositiveInteger } from '@rodpo/errors';
import type { BatchLayout } from '../batches/batch-layout.ts';
import type { Dataset } from '../batches/dataset.ts';
import { type TimeReading, userTimes } from '../batches/time-inputs.ts';
import { type TrainingSet, type TrainingWindows, trainingSet } from '../batches/training-set.ts';
import type { RowSource } from '../rows/row-source.ts';
import { type CatalogueScores, catalogueScores } from './catalogue-scores.ts';
import { compiledEngine, type Engine } from './engine.ts';
import { createItemTable, type ItemTable } from './item-table.ts';
import { checkVectors, featuresOf, type VectorsOfItems, widthsOf } from './item-vectors.ts';
import { misfit } from './misfit.ts';
import { createRanker, type EvaluationRanker, type ValidationRanker } from './ranker.ts';
import { type Reference, referenceVectors } from './reference.ts';
import { sampledValidation } from './sampled-validation.ts';
import { createSequenceReader, type SequenceReader } from './sequence-reader.ts';
import type { Weights } from './weights.ts';

/** What the data decides about an encoder. */
export interface EncoderInputs {
  readonly itemCount: number;
  /** Width of the vectors of each modality. */
  readonly vectors: Readonly<Record<string, number>>;
}

export interface WorkspaceOptions {
  readonly dataset: Dataset;
  /** What is learned from, and what is held out: any of `@rodpo/data`'s. Default: `leaveOneOut`. */
  readonly split?: SequenceSplit;
  /**
   * What is known of every item beside its id, by modality (`text`, `image`, …). Those that are read as
   * they are needed ask for item rows on the host. Default: nothing.
   */
  readonly vectors?: VectorsOfItems;
  /** Reads the sequences: one of `@rodpo/encoder`, or any that keeps its contract. */
  readonly encoder: SequenceEncoder | ((inputs: EncoderInputs) => SequenceEncoder);
  /** Most recent items of a sequence that the encoder reads. Default 50. */
  readonly maxLength?: number;
  /**
   * Learn from windows over the whole training part of each user, `stride` items apart (default
   * `maxLength`: each item is a target once, but near the beginning). Default: from the last `maxLength`
   * targets alone, as in SASRec.
   */
  readonly windows?: TrainingWindows | undefined;
  /** How the encoder tells times apart; the dataset must have times then. Default: it reads none. */
  readonly intervals?: IntervalBucketOptions;
  /** What runs the steps. Default: `compiledEngine()`. */
  readonly engine?: Engine;
  /** Decides every random number, with the name of what is trained. Default 1. */
  readonly seed?: number;
  /** Tokens that a packed row holds; at least `maxLength`. Default 64, or `maxLength` if that is more. */
  readonly rowLength?: number;
  /** Rows in a batch. Default 24. */
  readonly rowCount?: number;
  /** Tokens whose catalogue scores exist at a time; divides `rowLength` · `rowCount`. Default: a third. */
  readonly blockSize?: number;
  /**
   * Cases that are ranked after each epoch, among all items: a sample drawn once, by the seed. Reports
   * rank all. Default: all.
   */
  readonly validationSample?: number;
  /**
   * Select weights by the ranking with the user's whole history left out, but for the target. Default false:
   * by the one among all items. Reports have both.
   */
  readonly maskHistory?: boolean;
  /**
   * Where parameters with a row for each item are kept in training: `program` carries all of them
   * through each step, `host` gives a step the rows that it touches, so that its cost does not grow with
   * the catalogue. Default: on the host above 50,000 items (`mostItemsInProgram`).
   */
  readonly itemRows?: 'program' | 'host';
  /** Of the ranking metrics. 10, which selects weights, is always among them. Default 5, 10 and 20. */
  readonly cutoffs?: readonly number[];
}

/** Everything that training and ranking on one dataset share. Nothing in it is computed twice. */
export interface Workspace {
  readonly dataset: Dataset;
  readonly split: SequenceSplit;
  readonly set: TrainingSet;
  readonly times: TimeReading | undefined;
  readonly encoder: SequenceEncoder;
  /** What is known of the items beside their ids, by the names that programs have for it. */
  readonly features: Readonly<Record<string, RowSource>>;
  /** Numbers in a vector, by modality. */
  readonly widths: Readonly<Record<string, number>>;
  readonly layout: BatchLayout;
  /** Where item rows are kept in training. */
  readonly itemRows: 'program' | 'host';
  readonly engine: Engine;
  readonly seed: number;
  /** Of the ranking metrics, ascending; 10, which selects weights, is among them. */
  readonly cutoffs: readonly number[];
  readonly maskHistory: boolean;
  /** Cases that validation ranks; absent if all. */
  readonly validationSample?: number;
  /** Compiled when it is first asked for, for weights of one encoder. */
  itemTable(like: Weights): Promise<ItemTable>;
  /** Reads sequences under weights of one encoder; compiled when it is first asked for. */
  reader(like: Weights): Promise<SequenceReader>;
  /** Scores of users for the whole catalogue. */
  readonly scores: CatalogueScores;
  /** What may select weights. */
  validation(like: Weights): Promise<ValidationRanker>;
  /** Both parts, for reports. */
  evaluation(like: Weights): Promise<EvaluationRanker>;
  /** The vectors of a frozen model, of the last one asked for only. */
  reference(weights: Weights): Promise<Reference>;
  /** Frees every program. The workspace cannot be used afterwards. */
  dispose(): Promise<void>;
}

/**
 * Splits the data, lays out the sequences and makes the encoder. Programs are compiled when they are
 * first needed.
 *
 * @throws {RangeError} (marked as actionable) if sizes do not fit each other or the data
 * @throws {TimesMissingError} if `intervals` are given and the data has no times
 */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { dataset, engine = compiledEngine(), seed = 1, vectors = {} } = options;
  const layout = layoutOf(options);
  const itemCount = dataset.itemIds.length;
  checkVectors(vectors, itemCount);
  const widths = widthsOf(vectors);
  const encoder =
    typeof options.encoder === 'function'
      ? options.encoder({ itemCount, vectors: widths })
      : options.encoder;
  const split = options.split ?? leaveOneOut(dataset.sequences);
  const times = userTimes(dataset.times, split.train, layout);
  const { maxLength } = layout;
  const { windows } = options;
  const set = trainingSet(split.train, { itemCount, maxLength, timesOf: times?.of, windows });
  const features = featuresOf(vectors, itemCount);
  const { maskHistory = false, validationSample } = options;
  if (validationSample !== undefined) requirePositiveInteger('validationSample', validationSample);
  const itemRows = itemRowsOf(options.itemRows, { encoder, itemCount, features });
  const cutoffs = [...new Set([10, ...(options.cutoffs ?? [5, 10, 20])])].sort((a, b) => a - b);
  const of = { dataset, split, set, times, encoder, features, widths, layout, engine, seed };
  const sampled = validationSample === undefined ? {} : { validationSample };
  const own = { ...of, itemRows, maskHistory, cutoffs, ...sampled };
  return { ...own, ...programsOf(own) };
}

type Programs =
  | 'itemTable'
  | 'reader'
  | 'scores'
  | 'validation'
  | 'evaluation'
  | 'reference'
  | 'dispose';

/** Each made once, when it is first asked for. */
function programsOf(own: Omit<Workspace, Programs>): Pick<Workspace, Programs> {
  const { engine, times, encoder, split, set } = own;
  const itemTable = once((like: Weights) => createItemTable(engine, own, like));
  const reader = once((like: Weights) => createSequenceReader(engine, own, like));
  const userCount = Math.max(split.validation.length, split.test.length);
  const scores = catalogueScores(engine, { ...set, width: encoder.width, userCount });
  const read = async (like: Weights) => ({
    itemTable: await itemTable.get(like),
    reader: await reader.get(like),
  });
  const ranking = async (like: Weights) => ({
    ...own,
    timesOf: times?.of,
    scores,
    ...(await read(like)),
  });
  let kept: { readonly weights: Weights; readonly reference: Promise<Reference> } | undefined;
  return {
    itemTable: itemTable.get,
    reader: reader.get,
    scores,
    validation: async (like) =>
      own.validationSample === undefined
        ? createRanker(await ranking(like)).validation
        : sampledValidation(await ranking(like), { count: own.validationSample, seed: own.seed }),
    evaluation: async (like) => createRanker(await ranking(like)),
    reference: (weights) => {
      if (kept?.weights !== weights) {
        const made = async () => referenceVectors({ ...own, ...(await read(weights)) }, weights);
        kept = { weights, reference: made() };
      }
      return kept.reference;
    },
    dispose: async () => {
      kept = undefined;
      await scores.dispose();
      await reader.dispose();
      await itemTable.dispose();
    },
  };
}

interface Once<Made> {
  get(like: Weights): Promise<Made>;
  dispose(): Promise<void>;
}

/** Made at the first call; a call that failed is made again. */
function once<Made extends { dispose(): Promise<void> }>(
  make: (like: Weights) => Promise<Made>,
): Once<Made> {
  let made: Promise<Made> | undefined;
  return {
    get: (like) => {
      made ??= make(like).catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
    dispose: async () => {
      const last = made;
      made = undefined;
      await (await last)?.dispose();
    },
  };
}

function layoutOf(options: WorkspaceOptions): BatchLayout {
  const { maxLength = 50, intervals } = options;
  const { rowLength = Math.max(64, maxLength), rowCount = 24 } = options;
  const tokens = rowLength * rowCount;
  const { blockSize = tokens % 3 === 0 ? tokens / 3 : tokens } = options;
  for (const [name, value] of Object.entries({ maxLength, rowLength, rowCount, blockSize })) {
    requirePositiveInteger(name, value);
  }
  if (rowLength < maxLength) {
    throw misfit(`rowLength must be at least maxLength (${maxLength}), got ${rowLength}`);
  }
  if (tokens % blockSize !== 0) {
    throw misfit(`blockSize must divide rowLength · rowCount (${tokens}), got ${blockSize}`);
  }
  const sizes = { maxLength, rowLength, rowCount, blockSize };
  return intervals ? { ...sizes, intervals: { perOctave: 1, ...intervals } } : sizes;
}

/** Items above which their rows stay on the host in training, unless a workspace is told otherwise. */
export const mostItemsInProgram = 50_000;

/** Where item rows are kept in training if nobody says: it is the size of the catalogue that decides. */
export function itemRowsBySize(itemCount: number): Workspace['itemRows'] {
  return itemCount > mostItemsInProgram ? 'host' : 'program';
}

interface RowsDecision extends Pick<Workspace, 'encoder' | 'features'> {
  readonly itemCount: number;
}

function itemRowsOf(
  wanted: WorkspaceOptions['itemRows'],
  { encoder: { rowParameters }, features, itemCount }: RowsDecision,
): Workspace['itemRows'] {
  requireOneOf('itemRows', wanted ?? 'program', ['program', 'host']);
  const isRead = Object.values(features).some(({ array }) => array === undefined);
  if (isRead && wanted === 'program') {
    throw misfit(
      "itemRows is 'program', but vectors are given by a reader and not as an array: leave itemRows out, " +
        'or read all vectors into memory',
    );
  }
  if (rowParameters) {
    return wanted ?? (isRead ? 'host' : itemRowsBySize(itemCount));
  }
  if (wanted !== 'host' && !isRead) return 'program';
  throw misfit(
    `itemRows is 'host'${wanted ? '' : ', since vectors are given by a reader'}, but the encoder does ` +
      'not name its rowParameters: which of its parameters have a row for each item',
  );
}
