import type { TypedArray } from '@rodpo/compile';
import {
  flatSequences,
  type PackedBatch,
  type Placement,
  packRows,
  packTokens,
  type Sequences,
} from '@rodpo/data';
import { deriveSeed, permutation, seededRandom } from '@rodpo/random';
import { type BatchLayout, historyWidth } from './batch-layout.ts';
import { packTimes, type TokenTimes, type UserTimes } from './time-inputs.ts';

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
  /** When the tokens read were. Absent unless the encoder reads times. */
  readonly times?: (user: number) => TokenTimes;
}

export interface TrainingSetOptions extends Pick<BatchLayout, 'maxLength'> {
  readonly itemCount: number;
  /** Absent unless the encoder reads times. */
  readonly timesOf?: UserTimes | undefined;
}

/** @param train the part of each user's sequence that is learned from, oldest first */
export function trainingSet(
  train: Sequences,
  { itemCount, maxLength, timesOf }: TrainingSetOptions,
): TrainingSet {
  const { values, starts, ends } = flatSequences(train);
  // The last `maxLength` targets, and the one item before them.
  const begins = starts.map((start, user) =>
    Math.max(start, ends[user]! - historyWidth({ maxLength })),
  );
  const lengths = Int32Array.from(begins, (begin, user) => Math.max(0, ends[user]! - begin - 1));
  const firstTokens = new Int32Array(lengths.length);
  let tokenCount = 0;
  for (const [user, length] of lengths.entries()) {
    firstTokens[user] = tokenCount;
    tokenCount += length;
  }
  const begin = (user: number) => begins[user]! - starts[user]!;
  return {
    itemCount,
    lengths,
    firstTokens,
    tokenCount,
    items: (user) => values.subarray(begins[user]!, ends[user]!),
    ...(timesOf
      ? { times: (user) => timesOf(user, begin(user), begin(user) + lengths[user]!) }
      : {}),
  };
}

/** A packed batch with the arrays that every training step reads. */
export interface TrainingBatch {
  readonly packed: PackedBatch;
  readonly inputs: Readonly<Record<string, TypedArray>>;
  /** The stretches of `packed.placements` that are learned from: those with weight 1. */
  readonly learned: readonly Placement[];
}

/** Which tokens of a sequence are learned from: each one, only the last, or so many at its end. */
export type LearnedPositions = 'all' | 'last' | { readonly last: number };

function mostLearned(wanted: LearnedPositions): number {
  if (wanted === 'all') return Number.POSITIVE_INFINITY;
  return wanted === 'last' ? 1 : wanted.last;
}

export interface BatchOptions {
  /** Default 'all'. */
  readonly positions?: LearnedPositions;
}

/** One epoch of batches; `shuffleSeed` decides the order of the users, none keeps theirs. */
export function* trainingBatches(
  set: TrainingSet,
  { rowLength, rowCount: rowsPerBatch }: Pick<BatchLayout, 'rowLength' | 'rowCount'>,
  shuffleSeed?: number,
  { positions: wanted = 'all' }: BatchOptions = {},
): Generator<TrainingBatch> {
  const order =
    shuffleSeed === undefined
      ? undefined
      : permutation(set.lengths.length, seededRandom(deriveSeed(shuffleSeed, 'order')));
  const options = { rowLength, rowsPerBatch, ...(order ? { order } : {}) };
  for (const packed of packRows(set.lengths, options)) {
    const { positions, segments } = packed;
    const learned =
      wanted === 'all'
        ? packed.placements
        : packed.placements.map((place) => lastTokens(place, mostLearned(wanted)));
    const inputs = {
      items: packTokens(packed, (user) => set.items(user)),
      positions,
      segments,
      targets: packTokens(packed, (user) => set.items(user).subarray(1)),
      weights: weightsOf(packed, learned),
      ...(set.times ? packTimes(packed, set.times) : {}),
    };
    yield { packed, inputs, learned };
  }
}

function lastTokens({ offset, length, ...place }: Placement, most: number): Placement {
  const kept = Math.min(length, most);
  return { ...place, offset: offset + length - kept, length: kept };
}

/** 1 for the tokens learned from, 0 for others and for padding. */
function weightsOf({ rows, rowLength }: PackedBatch, learned: readonly Placement[]): Float32Array {
  const weights = new Float32Array(rows * rowLength);
  for (const { row, offset, length } of learned) {
    const first = row * rowLength + offset;
    weights.fill(1, first, first + length);
  }
  return weights;
}

/** Tokens of a batch that are learned from: the sum of its weights, which its figures go by. */
export function learnedTokens({ learned }: TrainingBatch): number {
  return totalLength(learned);
}

/** Tokens of an epoch that are learned from. */
export function epochTokens(
  { lengths, tokenCount }: TrainingSet,
  wanted: LearnedPositions,
): number {
  if (wanted === 'all') return tokenCount;
  const most = mostLearned(wanted);
  return lengths.reduce((total, length) => total + Math.min(length, most), 0);
}

function totalLength(placements: readonly Placement[]): number {
  return placements.reduce((total, { length }) => total + length, 0);
}
