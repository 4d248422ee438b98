import {
  leaveNOut,
  leaveOneOut,
  type SequenceSplit,
  splitByRatio,
  splitByTime,
  splitByUsers,
} from '@rodpo/data';
import { transformerEncoder } from '@rodpo/encoder';
import { isActionable } from '@rodpo/errors';
import { seededRandom } from '@rodpo/random';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { rank } from '../src/ranking/rank.ts';
import { align } from '../src/training/align.ts';
import { type Latest, memoryCheckpoints } from '../src/training/checkpoints.ts';
import { initialWeights, pretrain } from '../src/training/pretrain.ts';
import { compiledEngine, type Engine } from '../src/workspace/engine.ts';
import type { WorkspaceOptions } from '../src/workspace/workspace.ts';
import { smallDataset, smallSizes, smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

const refused: [string, Partial<WorkspaceOptions>, string][] = [
  ['short rows', { rowLength: 7 }, 'rowLength must be at least maxLength (8), got 7'],
  [
    'blocks that do not fit',
    { blockSize: 5 },
    'blockSize must divide rowLength · rowCount (128), got 5',
  ],
  [
    'vectors of other items',
    { vectors: { text: { dimension: 4, vectors: new Float32Array(8) } } },
    'vectors.text must hold 40 items of 4 numbers (160), got 8 numbers',
  ],
  [
    'marks of presence for other items',
    { vectors: { text: { dimension: 1, vectors: new Float32Array(40), present: [1, 0] } } },
    'got 40 numbers and 2 marks of presence',
  ],
  ['times that are not there', { intervals: { count: 8 } }, 'The encoder reads times'],
  ['no rows', { rowCount: 0 }, 'rowCount must be a positive integer, got 0'],
];

test.each(refused)('%s are refused, with what was expected', (_, changes, message) => {
  let problem: unknown;
  try {
    smallWorkspace(changes);
  } catch (error) {
    problem = error;
  }
  expect((problem as Error).message).toContain(message);
  expect(isActionable(problem)).toBe(true);
});

test('of programs, one is made for each purpose, however often it is used', async () => {
  const engine = compiledEngine({ threads: 1 });
  let [made, freed] = [0, 0];
  const counted: Engine = {
    name: engine.name,
    program: async (step, options) => {
      made++;
      const program = await engine.program(step, options);
      const { dispose } = program;
      program.dispose = async () => {
        freed++;
        await dispose.call(program);
      };
      return program;
    },
  };
  const workspace = smallWorkspace({ engine: counted });
  const { weights } = await pretrain(workspace, { maxEpochs: 1 });
  const options = { maxEpochs: 1, negatives: { from: 'catalogue' } } as const;
  await align(workspace, weights, { ...options, name: 'a' });
  await align(workspace, weights, { ...options, name: 'b' });
  await rank(workspace, weights, 'test');

  // Item table, reader of sequences, targets' scores, counts of better ones, pretraining, two alignments.
  expect(made).toBe(7);
  await workspace.dispose();
  expect(freed).toBe(made);
});

test('a split of your own takes the place of leave-one-out', async () => {
  const dataset = smallDataset();
  const own = leaveOneOut(dataset.sequences);
  const split = { ...own, test: [...own.test].slice(0, 7) };
  const workspace = smallWorkspace({ dataset, split, engine: compiledEngine({ threads: 1 }) });
  const like = workspace.encoder.initialize(() => 0);

  expect((await rank(workspace, like, 'test')).ranks).toHaveLength(7);
  expect((await rank(workspace, like, 'validation')).ranks).toHaveLength(120);
  await workspace.dispose();
});

const { sequences } = smallDataset();
const clocks = [...sequences].map((own, user) =>
  Float64Array.from(own, (_, place) => user + 9 * place),
);
const splits: [string, SequenceSplit][] = [
  ['n items of each user', leaveNOut(sequences, 2)],
  ['shares of each sequence', splitByRatio(sequences, { validation: 0.2, test: 0.2 })],
  ['whole users', splitByUsers(sequences, { validation: 0.2, test: 0.2, seed: 1 })],
  [
    'the last moments',
    splitByTime({ ...smallDataset(), times: clocks }, { validationFrom: 90, testFrom: 110 }),
  ],
];

test.each(splits)('holding out %s, a model trains and ranks each case', async (_, split) => {
  const engine = compiledEngine({ threads: 1 });
  const workspace = smallWorkspace({ split, engine });
  const { weights } = await pretrain(workspace, { maxEpochs: 1 });
  const options = { maxEpochs: 1, negatives: { from: 'catalogue' } } as const;
  const aligned = await align(workspace, weights, options);
  const { ranks } = await rank(workspace, aligned.weights, 'test');
  await workspace.dispose();
  const reversed = smallWorkspace({
    split: { ...split, test: [...split.test].toReversed() },
    engine,
  });
  const { ranks: backwards } = await rank(reversed, aligned.weights, 'test');
  await reversed.dispose();

  expect(split.test.length).toBeGreaterThan(10);
  expect(ranks).toHaveLength(split.test.length);
  expect([...backwards].reverse()).toEqual([...ranks]);
  for (const one of ranks) expect(one).toBeGreaterThanOrEqual(1);
});

test('windows: every item after a user’s first is learned from, and alignment draws for all', async () => {
  const own = { maxLength: 3, rowLength: 6, blockSize: 48, engine: compiledEngine({ threads: 1 }) };
  const encoder = transformerEncoder({
    itemCount: 40,
    maxLength: 3,
    dimension: 8,
    blockCount: 1,
    headCount: 2,
  });
  const workspace = smallWorkspace({ ...own, encoder, windows: {} });
  const lengths = Array.from(workspace.split.train, ({ length }) => length);
  const pairs = lengths.reduce((sum, length) => sum + Math.max(0, length - 1), 0);
  // A first window ends where the next one begins, or overlaps it by up to two of its three.
  expect(workspace.set.tokenCount).toBeGreaterThanOrEqual(pairs);
  expect(workspace.set.tokenCount).toBeLessThan(pairs + 2 * lengths.length);

  const { weights } = await pretrain(workspace, { maxEpochs: 1, learningRate: 0.01 });
  const negatives = { from: 'catalogue' } as const;
  const { log } = await align(workspace, weights, { negatives, exclude: 'chosen', maxEpochs: 1 });
  const owners = [...workspace.set.lengths.keys()].map(workspace.set.userOf);
  // What is drawn uniformly is of a token's user's history as often as that is long.
  const known = owners.map((user) => new Set(workspace.split.train.at(user)!).size / 40);
  const tokens = [...workspace.set.lengths];
  const expected = tokens.reduce((sum, count, index) => sum + count * known[index]!, 0);
  expect(Number(log[0]!.historyRate)).toBeCloseTo(expected / workspace.set.tokenCount, 1);
  await workspace.dispose();
});

test('cutoffs are those asked for, and 10, which selects', async () => {
  const workspace = smallWorkspace({ cutoffs: [3], engine: compiledEngine({ threads: 1 }) });
  const like = workspace.encoder.initialize(() => 0);
  const { metrics } = await rank(workspace, like, 'validation');

  expect(Object.keys(metrics)).toEqual(expect.arrayContaining(['ndcg@3', 'ndcg@10']));
  expect(Object.keys(metrics).some((name) => name.endsWith('@5'))).toBe(false);
  await workspace.dispose();
});

const [dimension, expertCount, biasRate] = [4, 4, 0.01];
const router = 'block0.feedForward.router.bias';

/** Items known by vectors alone; each token goes to two of four experts. */
function openRouted(present?: Uint8Array) {
  const random = seededRandom(3);
  const vectors = Float32Array.from({ length: 40 * dimension }, () => random() - 0.5);
  const engine = compiledEngine({ threads: 1 });
  const text = { dimension, vectors, ...(present ? { present } : {}) };
  const encoder = ({ itemCount }: { itemCount: number }) =>
    transformerEncoder({
      ...smallSizes,
      itemCount,
      streams: { id: false, vectors: { text: dimension } },
      experts: { expertCount, activeCount: 2, width: 8, biasRate },
    });
  return smallWorkspace({ engine, encoder, vectors: { text } });
}

test('a parameter that no gradient moves takes the value that the encoder gives it', async () => {
  const workspace = openRouted();
  let latest: Latest | undefined;
  const checkpoints = memoryCheckpoints();
  const { weights, log } = await pretrain(workspace, {
    maxEpochs: 1,
    learningRate: 0.01,
    checkpoints: {
      ...checkpoints,
      saveLatest: async (now) => {
        latest = now;
        await checkpoints.saveLatest(now);
      },
    },
  });
  await workspace.dispose();
  // A step moves each bias by the rate, up or down: no step of Adam is of that size throughout.
  const moves = Array.from(weights[router]!.data, (value) => value / biasRate);

  expect(moves.some((move) => Math.abs(move) > 0.5)).toBe(true);
  for (const move of moves) expect(Math.abs(move - Math.round(move))).toBeLessThan(1e-3);
  const kept = Object.keys(latest!.state);
  expect(kept.filter((name) => name.includes(router))).toEqual([`weights.${router}`]);
  expect(kept.filter((name) => name.includes('text')).length).toBeGreaterThan(1);
  // What the encoder says of its routers is logged, next values are not.
  expect(Object.keys(log[0]!).some((name) => name.endsWith('loadEntropy'))).toBe(true);
  expect(Object.keys(log[0]!).filter((name) => name.startsWith('next.'))).toEqual([]);
});

test('an item without a vector has the stand-in for its vector', async () => {
  const [all, some] = [
    openRouted(),
    openRouted(Uint8Array.from({ length: 40 }, (_, item) => item % 2)),
  ];
  const weights = initialWeights(all);
  const ranksIn = async (workspace: ReturnType<typeof openRouted>) => {
    const { test: ranker } = await workspace.evaluation(weights);
    return ranker.ranks(weights);
  };

  expect(await ranksIn(some)).not.toEqual(await ranksIn(all));
  await Promise.all([all, some].map((workspace) => workspace.dispose()));
});
