import type { TypedArray } from '@rodpo/compile';
import { leaveOneOut, type PackedBatch, packRows, packTokens } from '@rodpo/data';
import { deriveSeed, permutation, seededRandom } from '@rodpo/random';
import type { Config } from '../config.ts';
import type { Dataset } from './dataset.ts';

/** Every position of every training sequence: what was read, and what came next. */
export interface TrainingSet {
  readonly itemCount: number;
  /** Tokens of each user's sequence; one less than its items, 0 when too short to learn from. */
  readonly lengths: Int32Array;
  /** Number of each user's first token, counting tokens of all users in order. */
  readonly firstTokens: Int32Array;
  readonly tokenCount: number;
  /** The user's training items, oldest first: tokens read `[0, n)`, targets are `[1, n]`. */
  items(user: number): Int32Array;
}

export function trainingSet(dataset: Dataset, { encoder }: Config): TrainingSet {
  const { train } = leaveOneOut(dataset.sequences);
  // The last `maxLength` targets, and the one item before them.
  const clipped = train.map((sequence) => sequence.slice(-(encoder.maxLength + 1)));
  const lengths = Int32Array.from(clipped, ({ length }) => Math.max(0, length - 1));
  const firstTokens = new Int32Array(lengths.length);
  let tokenCount = 0;
  for (const [user, length] of lengths.entries()) {
    firstTokens[user] = tokenCount;
    tokenCount += length;
  }
  return {
    itemCount: dataset.itemIds.length,
    lengths,
    firstTokens,
    tokenCount,
    items: (user) => clipped[user]!,
  };
}

/** A packed batch with the arrays that every training step reads. */
export interface TrainingBatch {
  readonly packed: PackedBatch;
  readonly inputs: Readonly<Record<string, TypedArray>>;
}

/** One epoch of batches; `shuffleSeed` decides the order of the users, none keeps theirs. */
export function* trainingBatches(
  set: TrainingSet,
  { batch }: Config,
  shuffleSeed?: number,
): Generator<TrainingBatch> {
  const { rowLength, rowCount: rowsPerBatch } = batch;
  const order =
    shuffleSeed === undefined
      ? undefined
      : permutation(set.lengths.length, seededRandom(deriveSeed(shuffleSeed, 'order')));
  const options = { rowLength, rowsPerBatch, ...(order ? { order } : {}) };
  for (const packed of packRows(set.lengths, options)) {
    const { positions, segments } = packed;
    const inputs = {
      items: packTokens(packed, (user) => set.items(user)),
      positions,
      segments,
      targets: packTokens(packed, (user) => set.items(user).subarray(1)),
      weights: Float32Array.from(segments, (segment) => (segment === 0 ? 0 : 1)),
    };
    yield { packed, inputs };
  }
}

/** Tokens of a batch that are not padding. */
export function realTokens({ packed }: TrainingBatch): number {
  return packed.placements.reduce((total, { length }) => total + length, 0);
}
