import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '@rodpo/compile';
import {
  type EmbeddingTable,
  embeddingTable,
  type RowOptimiser,
  sparseAdam,
} from '@rodpo/embeddings';
import { hm4srEncoder, type SequenceEncoder, transformerEncoder } from '@rodpo/encoder';
import type { NamedArrays } from '@rodpo/files';
import { seededRandom } from '@rodpo/random';
import { hardest } from '@rodpo/samplers';
import { optimiser } from '@rodpo/trainer';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { trainingBatches } from '../src/batches/training-set.ts';
import { rank } from '../src/ranking/rank.ts';
import { type AlignOptions, align, alignProgram } from '../src/training/align.ts';
import { alignInputs } from '../src/training/align-inputs.ts';
import { alignDefaults, pretrainDefaults } from '../src/training/defaults.ts';
import { folderCheckpoints } from '../src/training/folder-checkpoints.ts';
import {
  initialWeights,
  type PretrainOptions,
  pretrain,
  pretrainInputs,
  pretrainProgram,
} from '../src/training/pretrain.ts';
import type { Trained } from '../src/training/train.ts';
import { compiledEngine, eagerEngine } from '../src/workspace/engine.ts';
import type { Weights } from '../src/workspace/weights.ts';
import type { EncoderInputs, Workspace, WorkspaceOptions } from '../src/workspace/workspace.ts';
import { smallSizes, smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

const engine = compiledEngine({ threads: 1 });
const open = (itemRows: 'program' | 'host', changes: Partial<WorkspaceOptions> = {}) =>
  smallWorkspace({ engine, itemRows, ...changes });

function largestDifference(a: Weights, b: Weights): number {
  expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
  const differences = Object.entries(a).flatMap(([name, { data }]) =>
    Array.from(data, (value, index) => Math.abs(value - b[name]!.data[index]!)),
  );
  return Math.max(...differences);
}

const random = seededRandom(6);
const text = { dimension: 5, vectors: Float32Array.from({ length: 40 * 5 }, random) };
const encoders: [string, Partial<WorkspaceOptions>][] = [
  ['ids', {}],
  [
    'ids and text',
    {
      vectors: { text },
      encoder: ({ itemCount, vectors }) =>
        transformerEncoder({ ...smallSizes, itemCount, streams: { id: true, vectors } }),
    },
  ],
  [
    'HM4SR',
    {
      vectors: { text },
      encoder: ({ itemCount, vectors }) =>
        hm4srEncoder({ ...smallSizes, itemCount, vectors, temporal: null }),
    },
  ],
];

const whole = { candidates: 40, distribution: { from: 'catalogue' } } as const;
const pretraining: PretrainOptions = {
  loss: { kind: 'sampled', ...whole },
  maxEpochs: 2,
  learningRate: 0.01,
};
const aligning: [string, AlignOptions][] = [
  ['a pool', { negatives: { from: 'pool', size: 5, among: whole } }],
  ['what the batch chose', { negatives: { from: 'batch' } }],
  ['popularity', { negatives: { from: 'popularity' }, count: 2, loss: 'softmax-dpo' }],
];

// Float32 in another order, through epochs of Adam, whose steps are a hundredth each.
const tolerance = 5e-3;

async function bothWays(
  changes: Partial<WorkspaceOptions>,
  train: (workspace: Workspace) => Promise<Trained>,
) {
  const results: Trained[] = [];
  for (const itemRows of ['program', 'host'] as const) {
    const workspace = open(itemRows, changes);
    results.push(await train(workspace));
    await workspace.dispose();
  }
  return results as [Trained, Trained];
}

describe.each(encoders)('%s', (_, changes) => {
  test('pretraining with rows on the host is the one with rows in the program', async () => {
    const [inProgram, onHost] = await bothWays(changes, (workspace) =>
      pretrain(workspace, pretraining),
    );
    expect(largestDifference(inProgram.weights, onHost.weights)).toBeLessThan(tolerance);
    for (const [epoch, { loss }] of inProgram.log.entries()) {
      expect(Number(onHost.log[epoch]!.loss)).toBeCloseTo(Number(loss), 4);
    }
  });

  test('clipped gradients have the same norm, and all of them are clipped', async () => {
    const clipping = { learningRate: 0.01, weightDecay: 0, maxGradientNorm: 0.01 };
    let followed = 0;
    const watched = (table: EmbeddingTable): RowOptimiser => {
      const rule = sparseAdam(table, { learningRate: 0.01 });
      const update: RowOptimiser['update'] = (of, rows, gradients, options) => {
        followed = Math.max(followed, Math.hypot(...gradients));
        return rule.update(of, rows, gradients, options);
      };
      return { ...rule, update };
    };
    const [inProgram, onHost] = await bothWays(changes, (workspace) =>
      pretrain(workspace, {
        ...pretraining,
        maxEpochs: 1,
        optimiser: optimiser(clipping),
        rowOptimiser: watched,
      }),
    );
    expect(Number(onHost.log[0]!.gradientNorm)).toBeGreaterThan(0.01);
    expect(followed).toBeGreaterThan(0);
    expect(followed).toBeLessThan(0.0101);
    for (const name of ['gradientNorm', 'loss']) {
      const ratio = Number(onHost.log[0]![name]) / Number(inProgram.log[0]![name]);
      expect(Math.abs(ratio - 1), name).toBeLessThan(2e-3);
    }
  });

  test('so is alignment by a pool, with the same negatives', async () => {
    const [inProgram, onHost] = await bothWays(changes, (workspace) =>
      align(workspace, initialWeights(workspace), {
        negatives: { from: 'pool', size: 5, among: whole },
        crossEntropy: { kind: 'sampled', ...whole },
        learningRate: 0.01,
        dropout: 0,
        maxEpochs: 1,
      }),
    );
    expect(largestDifference(inProgram.weights, onHost.weights)).toBeLessThan(tolerance);
    for (const name of ['loss', 'preference', 'rewards/margins', 'heldOutRate', 'historyRate']) {
      expect(Number(onHost.log[0]![name]), name).toBeCloseTo(Number(inProgram.log[0]![name]), 4);
    }
    expect(Number(onHost.log[0]!.heldOutRate)).toBeGreaterThan(0);
  });
});

// One row of tokens a step: it touches half of the items.
const sparse = { rowCount: 1, rowLength: 24, blockSize: 24 };
const few = { kind: 'sampled', candidates: 4, distribution: { from: 'catalogue' } } as const;

test('items that a step leaves out are where they are in the program', async () => {
  const [inProgram, onHost] = await bothWays(sparse, (workspace) =>
    pretrain(workspace, { ...pretraining, loss: few, maxEpochs: 4 }),
  );
  const items = ({ weights }: Trained) => ({ items: weights.items! });

  // Lazy Adam, which leaves them where they are, ends .2 away.
  expect(largestDifference(items(inProgram), items(onHost))).toBeLessThan(1e-4);
  for (const [epoch, { loss }] of inProgram.log.entries()) {
    expect(Number(onHost.log[epoch]!.loss)).toBeCloseTo(Number(loss), 5);
  }
});

/** The same vectors, read as they are needed: each call is counted. */
function readVectors() {
  const table = embeddingTable({ rows: 40, width: text.dimension, values: text.vectors });
  const reads = { rows: 0 };
  const gather = (items: Int32Array, into: Float32Array) => {
    reads.rows += items.length;
    table.gather(items, into);
  };
  return { reader: { dimension: text.dimension, gather }, reads };
}

test('vectors that are read as they are needed train and rank to the same bits', async () => {
  const { reader, reads } = readVectors();
  const results = [];
  for (const own of [text, reader]) {
    const workspace = open('host', { ...encoders[1]![1], vectors: { text: own } });
    const { weights: pretrained } = await pretrain(workspace, pretraining);
    const { weights } = await align(workspace, pretrained, {
      negatives: { from: 'pool', size: 5, among: whole },
      maxEpochs: 1,
    });
    results.push({ weights, figures: await rank(workspace, weights, 'test') });
    await workspace.dispose();
  }

  expect(results[1]).toEqual(results[0]);
  expect(reads.rows).toBeGreaterThan(40);
});

test('vectors that are read ask for rows on the host', () => {
  const { reader } = readVectors();
  const { itemRows } = smallWorkspace({ ...encoders[1]![1], vectors: { text: reader } });

  expect(itemRows).toBe('host');
  const inProgram = () => open('program', { ...encoders[1]![1], vectors: { text: reader } });
  expect(inProgram).toThrow(/vectors are given by a reader/);
  const unnamed = ({ itemCount, vectors }: EncoderInputs): SequenceEncoder => {
    const streams = { id: true, vectors };
    const { rowParameters: _, ...encoder } = transformerEncoder({
      ...smallSizes,
      itemCount,
      streams,
    });
    return encoder;
  };
  expect(() => smallWorkspace({ encoder: unnamed, vectors: { text: reader } })).toThrow(
    /'host', since vectors are given by a reader, but the encoder does not name its rowParameters/,
  );
});

test.each(aligning)('alignment by %s trains with rows on the host', async (_, options) => {
  const workspace = open('host');
  const before = initialWeights(workspace);
  const kept = before.items!.data.slice();
  const { log, weights } = await align(workspace, before, {
    ...options,
    crossEntropyWeight: 0,
    learningRate: 0.01,
    maxEpochs: 3,
    patience: 3,
  });
  await workspace.dispose();

  expect(Number(log.at(-1)!.preference)).toBeLessThan(0.999 * Number(log[0]!.preference));
  expect(largestDifference({ items: weights.items! }, { items: before.items! })).toBeGreaterThan(
    1e-3,
  );
  expect(before.items!.data).toEqual(kept); // the reference stays as it was
});

/** One step, and the rows that it moved. */
async function movedRows(program: Program, inputs: Parameters<Program['run']>[0]) {
  const before = (await program.state())['weights.items']!.data.slice();
  await program.run(inputs, { seed: 3 });
  const { data } = (await program.state())['weights.items']!;
  const moved = new Set<number>();
  for (const [index, value] of data.entries())
    if (value !== before[index]) moved.add(Math.floor(index / 16));
  return moved;
}

test.each(['onnxruntime', 'tfjs'])(
  '%s: a step moves the rows that it touches, no others',
  async (kind) => {
    const workspace = open('host', {
      rowCount: 1,
      blockSize: 16,
      engine: kind === 'tfjs' ? eagerEngine() : engine,
    });
    const loss = { kind: 'sampled', candidates: 3 } as const;
    const program = await pretrainProgram(workspace, initialWeights(workspace), {
      ...pretrainDefaults,
      loss,
    });
    const batch = [...trainingBatches(workspace.set, workspace.layout)][0]!;
    const drawn = pretrainInputs(loss, workspace)(batch, { seed: 1, step: 0 });
    const touched = new Set<number>(drawn['softmax.candidates']);
    for (const { sequence } of batch.packed.placements) {
      for (const item of workspace.set.items(sequence)) touched.add(item);
    }
    const moved = await movedRows(program, { ...batch.inputs, ...drawn });
    await program.dispose();

    expect(touched.size).toBeLessThan(35);
    expect([...moved].sort()).toEqual([...touched].sort());
  },
);

test('negatives come out by their indices among all items', async () => {
  const workspace = open('host');
  const among = { candidates: 12 };
  const negatives = { from: 'pool', size: 4, among } as const;
  const settings = {
    ...alignDefaults,
    crossEntropyWeight: 0,
    exclude: 'chosen',
    negatives,
  } as const;
  const program = await alignProgram(workspace, initialWeights(workspace), settings, undefined);
  const batch = [...trainingBatches(workspace.set, workspace.layout)][0]!;
  const drawn = alignInputs(settings, workspace, undefined)(batch, { seed: 5, step: 0 });
  const given = { ...batch.inputs, ...drawn };
  const { negatives: found } = await program.run(given, { seed: 5 });
  await program.dispose();

  expect([...drawn['pool.candidates']!]).toEqual(expect.arrayContaining([...new Set(found)]));
  expect(new Set(found).size).toBeGreaterThan(4);
});

test('an interrupted training goes on to the same bits', async () => {
  const options: PretrainOptions = { loss: few, maxEpochs: 3, learningRate: 0.01 };
  const straight = open('host', sparse);
  const { weights: expected } = await pretrain(straight, options);
  const folder = await mkdtemp(join(tmpdir(), 'host-rows-'));
  const stop = new AbortController();
  let steps = 0;
  const cut = pretrain(open('host', sparse), {
    ...options,
    checkpoints: folderCheckpoints(folder, 'pretrain', ''),
    signal: stop.signal,
    onStep: () => {
      if (++steps === 5) stop.abort();
    },
  });
  await expect(cut).rejects.toThrow();
  // What is read goes straight into the table and its moments: a large one is not held twice.
  const kept = folderCheckpoints(folder, 'pretrain', '');
  const given: string[] = [];
  const inPlace = {
    ...kept,
    latest: async (into: NamedArrays = {}) => {
      const latest = (await kept.latest(into))!;
      for (const [name, { data }] of Object.entries(into)) {
        given.push(name);
        expect(latest.state[name]!.data).toBe(data);
      }
      return latest;
    },
  };
  const { weights } = await pretrain(open('host', sparse), { ...options, checkpoints: inPlace });
  await rm(folder, { recursive: true });

  expect(weights).toEqual(expected);
  expect(given).toEqual(
    expect.arrayContaining(['weights.items', 'optimiser.rows.items.adam.first']),
  );
});

const refused: [string, (workspace: Workspace) => Promise<unknown>, RegExp][] = [
  [
    'the softmax over all items',
    (workspace) => pretrain(workspace, { loss: { kind: 'softmax' } }),
    /'softmax' reads all.*sampled/,
  ],
  [
    'a sampler that looks at scores',
    (workspace) =>
      align(workspace, initialWeights(workspace), {
        crossEntropyWeight: 0,
        negatives: { from: 'sampler', sampler: hardest(), scored: true },
      }),
    /would need those of all items/,
  ],
  [
    'averages of weights',
    (workspace) =>
      pretrain(workspace, {
        ...pretraining,
        optimiser: optimiser({ learningRate: 1e-3, average: { decay: 0.9 } }),
      }),
    /Averages of weights need all weights/,
  ],
];

test.each(refused)('%s is refused, with what to do', async (_, train, message) => {
  const workspace = open('host');
  await expect(train(workspace)).rejects.toThrow(message);
  await workspace.dispose();
});

test('an encoder that does not name its rows keeps them in the program', () => {
  const { rowParameters: _, ...encoder } = transformerEncoder({ ...smallSizes, itemCount: 40 });
  expect(() => open('host', { encoder })).toThrow(/does not name its rowParameters/);
  expect(smallWorkspace({ encoder }).itemRows).toBe('program');
});

test.each([
  ['host', 'sampled', /^40 items: a step is given the rows it touches.*4,096 candidates.*50,000/],
  ['program', 'softmax', /^40 items: a step carries all of them/],
] as const)('rows on the %s: auto is %s, and says why', async (itemRows, kind, sentence) => {
  const notices: string[] = [];
  const options = { maxEpochs: 1, dropout: 0 };
  const logs = [];
  for (const loss of [{ kind: 'auto' }, { kind, candidates: 4096 }] as const) {
    const workspace = open(itemRows);
    const onNotice = (line: string) => void notices.push(line);
    const { log, weights } = await pretrain(workspace, { ...options, loss, onNotice } as never);
    const pool = { negatives: { from: 'pool', size: 3 }, exclude: 'chosen', maxEpochs: 1 } as const;
    await align(workspace, weights, pool);
    await workspace.dispose();
    logs.push(log);
  }
  expect(notices).toEqual([expect.stringMatching(sentence)]);
  expect(logs[0]).toEqual(logs[1]);
});
