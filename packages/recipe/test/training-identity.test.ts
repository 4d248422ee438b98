import { leaveOneOut } from '@rodpo/data';
import { hm4srEncoder, transformerEncoder } from '@rodpo/encoder';
import { expect, test } from 'vitest';
import { initialWeights } from '../src/training/pretrain.ts';
import { trainingIdentity } from '../src/training/training-identity.ts';
import { eagerEngine } from '../src/workspace/engine.ts';
import type { WorkspaceOptions } from '../src/workspace/workspace.ts';
import { smallDataset, smallSizes, smallWorkspace } from './small-workspace.ts';

const dataset = smallDataset();
const [itemCount, dimension] = [dataset.itemIds.length, 4];
const vectors = (factor: number) =>
  Float32Array.from({ length: itemCount * dimension }, (_, place) => Math.sin(factor * place));
const inMemory = (factor = 1) => ({ text: { dimension, vectors: vectors(factor) } });
/** Counts the rows that it is asked for. */
function readBy(factor = 1, identity?: string) {
  const [all, reads] = [vectors(factor), { rows: 0 }];
  const gather = (items: Int32Array, into: Float32Array) => {
    reads.rows += items.length;
    for (const [place, item] of items.entries()) {
      into.set(all.subarray(item * dimension, (item + 1) * dimension), place * dimension);
    }
  };
  const text = { dimension, gather, ...(identity === undefined ? {} : { identity }) };
  return { reads, vectors: { text } };
}

const settings = { ...smallSizes, itemCount };
const streams = { id: true, vectors: { text: dimension } };
const start = initialWeights(
  smallWorkspace({ engine: eagerEngine(), encoder: transformerEncoder({ ...settings, streams }) }),
);
const identityOf = (changes: Partial<WorkspaceOptions> = {}) =>
  trainingIdentity(
    smallWorkspace({
      engine: eagerEngine(),
      dataset,
      vectors: inMemory(),
      encoder: transformerEncoder({ ...settings, streams }),
      ...changes,
    }),
    { settings: {}, start },
  );

test('the same training has the same identity in another workspace', () => {
  expect(identityOf()).toBe(identityOf());
});

const split = leaveOneOut(dataset.sequences);
const timed = (step: number): Partial<WorkspaceOptions> => ({
  dataset: {
    ...dataset,
    times: Array.from(dataset.sequences, (items) =>
      Float64Array.from(items, (_, place) => place * step),
    ),
  },
  intervals: { count: 8 },
});

test.each<[string, Partial<WorkspaceOptions>]>([
  ['vectors', { vectors: inMemory(2) }],
  [
    'marks of who has a vector',
    { vectors: { text: { ...inMemory().text, present: new Uint8Array(itemCount) } } },
  ],
  ['heads', { encoder: transformerEncoder({ ...settings, streams, headCount: 1 }) }],
  ['norm', { encoder: transformerEncoder({ ...settings, streams, norm: 'pre' }) }],
  ['place of item rows', { itemRows: 'host' }],
  ['ranking that selects', { maskHistory: true }],
  ['sample that selects', { validationSample: 5 }],
  ['held-out cases', { split: { ...split, validation: [...split.validation].slice(1) } }],
  ['windows', { windows: { stride: 1 } }],
  ['seed', { seed: 2 }],
])('other %s are another training', (_, change) => {
  expect(identityOf(change)).not.toBe(identityOf());
});

test('times count where the encoder reads them', () => {
  expect(identityOf(timed(2))).not.toBe(identityOf(timed(3)));
  const unread = (step: number) => ({ dataset: timed(step).dataset! });
  expect(identityOf(unread(2))).toBe(identityOf(unread(3)));
});

test("losses of HM4SR's own are told apart", () => {
  const encoder = (weight: number) => {
    const placeholderContrast = { weight };
    return hm4srEncoder({
      ...settings,
      vectors: { text: dimension },
      temporal: null,
      losses: { placeholderContrast },
    });
  };
  expect(identityOf({ encoder: encoder(1) })).not.toBe(identityOf({ encoder: encoder(2) }));
});

test('the end of one sequence is not the beginning of the next', () => {
  const cut = (first: number) => {
    const items = Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const sequences = [items.subarray(0, first), items.subarray(first)];
    const whole = { train: sequences, validation: [], test: [] };
    return { dataset: { ...dataset, userIds: ['a', 'b'], sequences }, split: whole };
  };
  expect(identityOf(cut(3))).not.toBe(identityOf(cut(4)));
});

test('vectors that are read are told apart by the identity of the reader, else by themselves', () => {
  const named = readBy(1, 'a');

  expect(identityOf(named)).toBe(identityOf(readBy(1, 'a')));
  expect(identityOf(named)).not.toBe(identityOf(readBy(1, 'b')));
  expect(named.reads.rows).toBe(0);
  const unnamed = readBy();
  expect(identityOf(unnamed)).toBe(identityOf(readBy()));
  expect(identityOf(unnamed)).not.toBe(identityOf(readBy(2)));
  expect(unnamed.reads.rows).toBe(2 * itemCount);
});

test('an encoder may hold what differs from one process to the next', () => {
  const encoder = transformerEncoder({ ...settings, streams });
  const holding = (id: number) => ({ encoder: { ...encoder, id } });

  expect(identityOf(holding(1))).toBe(identityOf(holding(2)));
  const own = { ...encoder, itemVectors: () => null as never };
  expect(identityOf({ encoder: own })).not.toBe(identityOf());
});
