import { hardest } from '@rodpo/samplers';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PretrainLoss } from '../src/steps/pretrain-loss.ts';
import { type AlignOptions, align } from '../src/training/align.ts';
import { initialWeights, pretrain } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import type { Weights } from '../src/workspace/weights.ts';
import type { Workspace } from '../src/workspace/workspace.ts';
import { smallWorkspace } from './small-workspace.ts';

let workspace: Workspace;
let weights: Weights;
beforeAll(async () => {
  await setBackend('cpu');
  workspace = smallWorkspace({ engine: compiledEngine({ threads: 1 }) });
  weights = initialWeights(workspace);
});
afterAll(() => workspace.dispose());

const own = () => {
  throw new Error('no step is made');
};

/** What is thrown before a program is made; 'made' if nothing is. */
async function outcome(options: AlignOptions): Promise<string> {
  const made = new Error('made');
  const stopping = {
    ...workspace,
    engine: { name: 'none', program: () => Promise.reject(made) },
    reference: () => Promise.reject(made),
  } as unknown as Workspace;
  const error = await align(stopping, weights, options).catch((thrown: Error) => thrown);
  return (error as Error).message;
}

// 40 items, and at most 9 that a token excludes: the user's training items that are read.
test.each<[string, AlignOptions]>([
  ['a pool', { negatives: { from: 'pool', size: 31 } }],
  [
    'a pool, the chosen item excluded',
    { negatives: { from: 'pool', size: 39 }, exclude: 'chosen' },
  ],
  ['several', { negatives: { from: 'catalogue' }, count: 31, loss: 'softmax-dpo' }],
  ['a pool among candidates', { negatives: { from: 'pool', size: 3, among: { candidates: 12 } } }],
  [
    'a pool among more candidates than there are items',
    { negatives: { from: 'pool', size: 31, among: { candidates: 100 } } },
  ],
  ['no preference', { negatives: { from: 'pool', size: 400 }, loss: 'none' }],
  [
    'a sampler',
    { negatives: { from: 'sampler', sampler: hardest() }, count: 50, loss: 'softmax-dpo' },
  ],
  ['the history', { negatives: { from: 'history' }, count: 50, loss: 'softmax-dpo' }],
  ['a draw of its own', { negatives: own as never, count: 50, loss: 'softmax-dpo' }],
])('%s leaves enough to draw from', async (_, options) => {
  expect(await outcome(options)).not.toMatch(/needs \d+ items/);
});

test.each<[string, AlignOptions, RegExp]>([
  [
    'a pool',
    { negatives: { from: 'pool', size: 32 } },
    /'align' needs 41 items .*catalogue has 40/,
  ],
  [
    'a pool, the chosen item excluded',
    { negatives: { from: 'pool', size: 40 }, exclude: 'chosen' },
    /needs 41 items/,
  ],
  [
    'several',
    { negatives: { from: 'catalogue' }, count: 32, loss: 'softmax-dpo' },
    /needs 41 items/,
  ],
  [
    'a pool among candidates',
    { negatives: { from: 'pool', size: 4, among: { candidates: 12 } } },
    /needs 13 items .*there are 12 candidates\. Draw more/,
  ],
])('%s that leaves nothing is refused', async (_, options, message) => {
  expect(await outcome(options)).toMatch(message);
});

test('without negatives of its own alignment draws from a pool of 50', async () => {
  expect(await outcome({})).toMatch(/needs 59 items/);
});

test.each([0, -1, 1.5])('positions: { last: %d } are refused', async (last) => {
  expect(await outcome({ positions: { last } })).toMatch(
    /positions.last must be a positive integer/,
  );
});

/** The same of a pretraining, in a catalogue of so many items. */
async function pretraining(loss: PretrainLoss, itemCount = 40): Promise<unknown> {
  const engine = { name: 'none', program: () => Promise.reject(new Error('made')) };
  const set = { ...workspace.set, itemCount };
  const stopping = { ...workspace, engine, set } as unknown as Workspace;
  return pretrain(stopping, { loss }).catch((thrown: Error) => thrown.message);
}

test('gBCE has fewer negatives than there are other items', async () => {
  const outcomeOf = (negatives: number) => pretraining({ kind: 'gbce', negatives });

  expect(await outcomeOf(40)).toMatch(/negatives must be below the number of items \(40\), got 40/);
  expect(await outcomeOf(39)).toBe('made');
});

test('what draws no negatives of its own needs no other items', async () => {
  expect(await pretraining({ kind: 'gbce' }, 1)).toMatch(/number of items \(1\), got 1/);
  expect(await pretraining({ kind: 'softmax' }, 1)).toBe('made');
  expect(await pretraining(own, 1)).toBe('made');
});
