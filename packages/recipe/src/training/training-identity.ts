import { createHash, type Hash } from 'node:crypto';
import { flatSequences } from '@rodpo/data';
import type { NamedArray } from '@rodpo/files';
import { type BatchLayout, historyWidth } from '../batches/batch-layout.ts';
import type { TrainingSet } from '../batches/training-set.ts';
import type { RowSource } from '../rows/row-source.ts';
import { rowSize } from '../rows/table-of.ts';
import type { Weights } from '../workspace/weights.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** What of a workspace decides what a training in it leaves. */
export type IdentifiedWorkspace = Pick<
  Workspace,
  | 'dataset'
  | 'encoder'
  | 'features'
  | 'itemRows'
  | 'layout'
  | 'maskHistory'
  | 'seed'
  | 'set'
  | 'split'
  | 'times'
  | 'validationSample'
>;

/** What a training is told, and what it begins with. */
export interface IdentifiedTraining {
  /** All that decides the result, but for when training stops. */
  readonly settings: object;
  readonly start: Weights;
}

/**
 * A digest, in hexadecimal, of all that decides the result of a training but for when it stops: settings,
 * encoder, data, what is known of the items, what selects the best epoch, and the weights at the start. Settings
 * count as JSON, and functions among them by their source: what they close over is not seen.
 *
 * Reads all arrays once, and vectors of a reader only if it has no identity.
 */
export function trainingIdentity(
  workspace: IdentifiedWorkspace,
  { settings, start }: IdentifiedTraining,
): string {
  const { seed, layout, encoder, itemRows, maskHistory, validationSample } = workspace;
  const hash = createHash('sha256');
  const selection = { maskHistory, validationSample };
  addSettings(hash, { settings, seed, layout, encoder: contractOf(encoder), itemRows, selection });
  addData(hash, workspace);
  for (const [name, source] of Object.entries(workspace.features)) addRows(hash, name, source);
  for (const [name, { shape, data }] of Object.entries(start)) {
    addSettings(hash, { name, shape });
    addArray(hash, data);
  }
  return hash.digest('hex');
}

/** Nothing but what every encoder has: another thing that it holds may differ from one process to the next. */
function contractOf(encoder: Workspace['encoder']): object {
  const { width, untrained, rowParameters, settings, newItems } = encoder;
  const { initialize, itemVectors, encode } = encoder;
  const known = newItems && { modalities: newItems.modalities, vectors: newItems.vectors };
  return {
    width,
    untrained,
    rowParameters,
    settings,
    newItems: known,
    initialize,
    itemVectors,
    encode,
  };
}

function addData(hash: Hash, { dataset, set, split, times, layout }: IdentifiedWorkspace): void {
  const sequences = flatSequences(dataset.sequences);
  addArray(hash, sequences.lengths());
  addArray(hash, sequences.packed());
  if (times && dataset.times) addArray(hash, flatSequences(dataset.times, Float64Array).packed());
  addArray(hash, set.lengths);
  addItems(hash, set, layout);
  // A history is the beginning of the user's sequence, which its length tells.
  const cases = new Int32Array(3 * split.validation.length);
  for (const [place, { user, history, target }] of split.validation.entries()) {
    cases[3 * place] = user;
    cases[3 * place + 1] = history.length;
    cases[3 * place + 2] = target;
  }
  addArray(hash, cases);
}

/** Of all sequences, many at a time: an update for each would take longer than their digest. */
function addItems(hash: Hash, set: TrainingSet, layout: Pick<BatchLayout, 'maxLength'>): void {
  const block = new Int32Array(Math.max(2 ** 16, historyWidth(layout)));
  let filled = 0;
  for (const sequence of set.lengths.keys()) {
    const items = set.items(sequence);
    if (filled + items.length > block.length) {
      hash.update(block.subarray(0, filled));
      filled = 0;
    }
    block.set(items, filled);
    filled += items.length;
  }
  hash.update(block.subarray(0, filled));
}

/** Rows that a reader without an identity copies at a time. */
const blockRows = 4096;

function addRows(hash: Hash, name: string, { shape, array, identity, gather }: RowSource): void {
  addSettings(hash, { name, shape, identity });
  if (array) addArray(hash, array.data);
  if (array || identity !== undefined) return;
  const [rows, size] = [shape[0]!, rowSize(shape)];
  const into = new Float32Array(Math.min(blockRows, rows) * size);
  for (let begin = 0; begin < rows; begin += blockRows) {
    const count = Math.min(blockRows, rows - begin);
    gather(
      Int32Array.from({ length: count }, (_, row) => begin + row),
      into,
    );
    hash.update(into.subarray(0, count * size));
  }
}

/** Numbers that a digest takes at a time: it refuses 2 GiB. */
const mostNumbers = 2 ** 26;

function addArray(hash: Hash, numbers: NamedArray['data'] | Float64Array): void {
  for (let begin = 0; begin < numbers.length; begin += mostNumbers) {
    hash.update(numbers.subarray(begin, begin + mostNumbers));
  }
}

function addSettings(hash: Hash, settings: object): void {
  hash.update(
    JSON.stringify(settings, (_, value) => (typeof value === 'function' ? `${value}` : value)),
  );
}
