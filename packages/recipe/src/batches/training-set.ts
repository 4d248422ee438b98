import type { TypedArray } from '@rodpo/compile';
import {
  type FlatSequences,
  flatSequences,
  type PackedBatch,
  type Placement,
  packRows,
  packTokens,
  type Sequences,
  type SlidingWindowsOptions,
  slidingWindows,
} from '@rodpo/data';
import { deriveSeed, permutation, seededRandom } from '@rodpo/random';
import { type BatchLayout, historyWidth } from './batch-layout.ts';
import { packTimes, type TokenTimes, type UserTimes } from './time-inputs.ts';

/**
 * Every position of every sequence that is learned from: what was read, and what came next. A sequence is
 * the end of a user's training part, or one of several windows of it.
 */
export interface TrainingSet {
  readonly itemCount: number;
  /** Tokens of each sequence; one less than its items, 0 when too short to learn from. */
  readonly lengths: Int32Array;
  /** Number of each sequence's first token, counting tokens of all in order. */
  readonly firstTokens: Int32Array;
  readonly tokenCount: number;
  /** The sequence's items, oldest first: tokens read `[0, n)`, targets are `[1, n]`. */
  items(sequence: number): Int32Array;
  /** Whose sequence it is. */
  userOf(sequence: number): number;
  /** When the tokens read were. Absent unless the encoder reads times. */
  readonly times?: (sequence: number) => TokenTimes;
}

/** Windows over the whole training part of each user: see `slidingWindows` of `@rodpo/data`. */
export type TrainingWindows = Pick<SlidingWindowsOptions, 'stride'>;

export interface TrainingSetOptions extends Pick<BatchLayout, 'maxLength'> {
  readonly itemCount: number;
  /** Absent unless the encoder reads times. */
  readonly timesOf?: UserTimes | undefined;
  /** Default: the last `maxLength` targets of each user, and nothing before them. */
  readonly windows?: TrainingWindows | undefined;
}

/** @param train the part of each user's sequence that is learned from, oldest first */
export function trainingSet(
  train: Sequences,
  { itemCount, maxLength, timesOf, windows }: TrainingSetOptions,
): TrainingSet {
  const flat = flatSequences(train);
  const width = historyWidth({ maxLength });
  const pieces = windows ? windowsOf(flat, width, windows) : endsOf(flat, width);
  const { users, begins, ends } = pieces;
  const lengths = Int32Array.from(begins, (begin, index) => Math.max(0, ends[index]! - begin - 1));
  const firstTokens = new Int32Array(lengths.length);
  let tokenCount = 0;
  for (const [index, length] of lengths.entries()) {
    firstTokens[index] = tokenCount;
    tokenCount += length;
  }
  const userOf = (sequence: number) => (users ? users[sequence]! : sequence);
  const times = (sequence: number) => {
    const user = userOf(sequence);
    const begin = begins[sequence]! - flat.starts[user]!;
    return timesOf!(user, begin, begin + lengths[sequence]!);
  };
  return {
    itemCount,
    lengths,
    firstTokens,
    tokenCount,
    items: (sequence) => flat.values.subarray(begins[sequence]!, ends[sequence]!),
    userOf,
    ...(timesOf ? { times } : {}),
  };
}

/** Sequences as places among all items, from `begins` to before `ends`. */
interface Pieces {
  readonly begins: ArrayLike<number> & Iterable<number>;
  readonly ends: ArrayLike<number>;
  /** Whose they are; absent if there is one for each user. */
  readonly users?: ArrayLike<number>;
}

/** The last `width` items of each. */
function endsOf({ starts, ends }: FlatSequences, width: number): Pieces {
  return { begins: starts.map((start, user) => Math.max(start, ends[user]! - width)), ends };
}

function windowsOf(flat: FlatSequences, length: number, own: TrainingWindows): Pieces {
  const windows = slidingWindows(flat, { length, ...own });
  const begins = windows.map(({ sequence, begin }) => flat.starts[sequence]! + begin);
  return {
    begins,
    ends: windows.map(({ items }, index) => begins[index]! + items.length),
    users: windows.map(({ sequence }) => sequence),
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
export function epochTokens({ lengths }: TrainingSet, wanted: LearnedPositions): number {
  const most = mostLearned(wanted);
  return lengths.reduce((total, length) => total + Math.min(length, most), 0);
}

function totalLength(placements: readonly Placement[]): number {
  return placements.reduce((total, { length }) => total + length, 0);
}
