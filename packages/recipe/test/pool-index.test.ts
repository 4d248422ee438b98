import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { isActionable } from '@rodpo/errors';
import { seededRandom } from '@rodpo/random';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { trainingBatches } from '../src/batches/training-set.ts';
import type { AlignSettings } from '../src/steps/align-settings.ts';
import type { IndexCandidates } from '../src/steps/candidate-settings.ts';
import { type AlignOptions, align, alignProgram } from '../src/training/align.ts';
import { alignInputs } from '../src/training/align-inputs.ts';
import { alignDefaults } from '../src/training/defaults.ts';
import { candidateDrawer } from '../src/training/draw-candidates.ts';
import { bestFirst, poolIndex } from '../src/training/pool-index.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { nearestItems } from '../src/workspace/nearest-items.ts';
import type { Reference } from '../src/workspace/reference.ts';
import type { Weights } from '../src/workspace/weights.ts';
import type { Workspace, WorkspaceOptions } from '../src/workspace/workspace.ts';
import { smallWorkspace } from './small-workspace.ts';

const engine = compiledEngine({ threads: 1 });
const itemCount = 400;

/** Few and short sequences of many items: a batch is small, and its nearest items are few of all. */
const open = (changes: Partial<WorkspaceOptions> = {}) => {
  const random = seededRandom(3);
  const sequences = Array.from({ length: 20 }, () =>
    Int32Array.from({ length: 8 }, () => Math.floor(random() * itemCount)),
  );
  return smallWorkspace({
    engine,
    rowCount: 2,
    blockSize: 32,
    dataset: {
      userIds: sequences.map((_, user) => `${user}`),
      itemIds: Array.from({ length: itemCount }, (_, item) => `${item}`),
      sequences,
      tastes: { likes: (user, item) => (user + item) % 3 === 0 },
    },
    ...changes,
  });
};

let workspace: Workspace;
let weights: Weights;
let vectors: Reference;
let folder: string;
beforeAll(async () => {
  await setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'rodpo-index-'));
  workspace = open();
  weights = initialWeights(workspace);
  // Scores of some size: untrained ones are all nearly 0.
  for (const index of weights.items!.data.keys()) weights.items!.data[index]! *= 20;
  vectors = await workspace.reference(weights);
});
afterAll(async () => {
  await workspace.dispose();
  await rm(folder, { recursive: true });
});

const place = { epoch: 1, seed: 7, step: 0, totalStep: 0 };
const policy = (own: Weights = weights) => ({
  state: async () =>
    Object.fromEntries(Object.entries(own).map(([name, value]) => [`weights.${name}`, value])),
});
const firstBatch = () => [...trainingBatches(workspace.set, workspace.layout)][0]!;

function settingsOf(
  index: Partial<IndexCandidates>,
  { size = 3, candidates = 100 } = {},
): AlignSettings {
  const among = { candidates, distribution: { from: 'index', ...index } } as const;
  return {
    ...alignDefaults,
    dropout: 0,
    exclude: 'chosen',
    negatives: { from: 'pool', size, among },
  };
}

async function candidatesOf(settings: AlignSettings, at = place): Promise<number[]> {
  const index = (await poolIndex(workspace, settings, weights))!;
  const found = await index.candidates(firstBatch(), policy(), at);
  await index.dispose();
  return [...found];
}

/** Tokens that a batch learns from, in its order: where they stand, and all items best first, by a full sort. */
function tokensOf({ packed: { placements, rowLength } }: ReturnType<typeof firstBatch>) {
  const { width } = workspace.encoder;
  const items = vectors.items.data;
  return placements
    .flatMap(({ sequence, row, offset, length }) =>
      Array.from({ length }, (_, index) => {
        const token = workspace.set.firstTokens[sequence]! + index;
        const scores = Array.from({ length: itemCount }, (__, item) => {
          let score = 0;
          for (let axis = 0; axis < width; axis++) {
            score += vectors.tokens[token * width + axis]! * items[item * width + axis]!;
          }
          return score;
        });
        const best = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
        const target = workspace.set.items(sequence)[index + 1]!;
        return { at: row * rowLength + offset + index, best, target };
      }),
    )
    .sort((a, b) => a.at - b.at);
}

test('a pool is the exact best of the catalogue, where the index finds all and there is room', async () => {
  const settings = settingsOf({ askedTokens: 1000 }, { size: 3, candidates: 130 });
  const batch = firstBatch();
  const index = (await poolIndex(workspace, settings, weights))!;
  const near = await index.candidates(batch, policy(), place);
  const program = await alignProgram(workspace, weights, settings, vectors);
  const seen = new Set<number>();
  for (let step = 0; step < 4; step++) {
    program.load(await policy().state());
    const inputs = alignInputs(settings, workspace, vectors)(batch, { seed: 1, step }, near);
    const { negatives } = await program.run({ ...batch.inputs, ...inputs }, { seed: 1, step });
    for (const { at, best, target } of tokensOf(batch)) {
      const pool = best.filter((item) => item !== target).slice(0, 3);
      expect(pool).toContain(negatives![at]);
      seen.add(pool.indexOf(negatives![at]!));
    }
  }
  await program.dispose();
  await index.dispose();

  expect(seen.size).toBe(3);
  expect(near).toHaveLength(130);
  expect(index.figures()).toEqual({ 'index/staleness': 0, 'index/recall': 1 });
});

test.each([1000, 5])('of %i tokens the best come first, then the second best', async (asked) => {
  const tokens = tokensOf(firstBatch());
  const spread =
    asked > tokens.length
      ? tokens
      : Array.from({ length: asked }, (_, at) => tokens[Math.floor((at * tokens.length) / asked)]!);
  const expected = new Set(
    Array.from({ length: 20 }, (_, rank) => rank).flatMap((rank) =>
      spread.map(({ best }) => best[rank]!),
    ),
  );

  const found = await candidatesOf(
    settingsOf({ askedTokens: asked, nearest: 20 }, { candidates: 60 }),
  );

  expect(tokens.length).toBeGreaterThan(20);
  expect(found).toEqual([...expected].slice(0, 60));
});

test('what a row has not found is no candidate, whatever stands there', () => {
  const found = { items: Int32Array.of(5, 6, 99, 8, 99, 99), counts: Int32Array.of(2, 1) };

  expect([...bestFirst(found, 3, 10)]).toEqual([5, 8, 6]);
});

test('what is missing is drawn, by the place of the step', async () => {
  const settings = settingsOf({ nearest: 1, askedTokens: 4 }, { candidates: 60 });
  const found = await candidatesOf(settings);
  const other = await candidatesOf(settings, { ...place, step: 1 });

  expect(new Set(found).size).toBe(60);
  expect(await candidatesOf(settings)).toEqual(found);
  expect(other.slice(0, 3)).toEqual(found.slice(0, 3));
  expect(other).not.toEqual(found);
  expect(Math.max(...found)).toBeLessThan(itemCount);
});

test('recall is the share of the exact nearest that the index finds', async () => {
  const settings = settingsOf({ expansion: 1, nearest: 2, askedTokens: 9 });
  const index = (await poolIndex(workspace, settings, weights))!;
  await index.candidates(firstBatch(), policy(), place);
  const told = index.figures()['index/recall'];
  await index.dispose();

  // An index of the same vectors is the same.
  const { width } = workspace.encoder;
  const again = await nearestItems(vectors.items.data as Float32Array, { width, expansion: 1 });
  const tokens = tokensOf(firstBatch());
  let hits = 0;
  for (let at = 0; at < 9; at++) {
    const { best, at: token } = tokens[Math.floor((at * tokens.length) / 9)]!;
    const user = userAt(token);
    const { items, counts } = await again.search(user, 2);
    const found = items.subarray(0, counts[0]);
    hits += best.slice(0, 2).filter((item) => found.includes(item)).length;
  }
  await again.dispose();
  expect(told).toBeCloseTo(hits / 18, 6);
  expect(told).toBeLessThan(1);
});

test('recall stays what it was for the first batch that a snapshot was asked about', async () => {
  const settings = settingsOf({ expansion: 1, nearest: 2, askedTokens: 9 });
  const batches = [...trainingBatches(workspace.set, workspace.layout)].slice(0, 2);
  const told = async (asked: typeof batches) => {
    const index = (await poolIndex(workspace, settings, weights))!;
    for (const batch of asked) await index.candidates(batch, policy(), place);
    await index.dispose();
    return index.figures()['index/recall'];
  };
  const [first, second] = [await told([batches[0]!]), await told([batches[1]!])];

  expect(second).not.toBe(first);
  expect(await told(batches)).toBe(first);
});

test('what keeps an index from being built is told with the search that waits for it', async () => {
  const broken = new Float32Array(7); // no rows of 2
  const index = await nearestItems(broken, { width: 2, expansion: 1 });

  await expect(index.search(new Float32Array(2), 1)).rejects.toThrow(/multiple of the dimension/);
  await expect(index.search(new Float32Array(2), 1)).rejects.toThrow(/multiple of the dimension/);
  await index.dispose();
});

/** What the user wants after a token, by its place in the first batch. */
function userAt(token: number): Float32Array {
  const { width } = workspace.encoder;
  const { packed } = firstBatch();
  for (const { sequence, row, offset, length } of packed.placements) {
    const index = token - row * packed.rowLength - offset;
    if (index < 0 || index >= length) continue;
    const begin = (workspace.set.firstTokens[sequence]! + index) * width;
    return vectors.tokens.slice(begin, begin + width);
  }
  throw new Error('padding');
}

describe('which snapshot is in use', () => {
  const schedules: [Partial<IndexCandidates>, number[]][] = [
    [{ every: { steps: 3 } }, [0, 0, 0, 0, 0, 0, 3, 3, 3, 6]],
    [{ every: { steps: 3 }, readyAfter: 0 }, [0, 0, 0, 3, 3, 3, 6, 6, 6, 9]],
    [{ every: { steps: 3 }, readyAfter: 2 }, [0, 0, 0, 0, 0, 3, 3, 3, 6, 6]],
    [{ every: { steps: 3 }, readyAfter: 9 }, [0, 0, 0, 0, 0, 0, 3, 3, 3, 6]],
    [{ every: { epochs: 2 } }, [0, 0, 0, 0, 0, 0, 0, 0, 4, 4]],
    [{ every: { epochs: 3 }, readyAfter: 0 }, [0, 0, 0, 0, 0, 0, 6, 6, 6]],
    [{}, [0, 0, 0, 0, 2, 2, 4, 4, 6, 6]],
  ];
  test.each(schedules)('%j', async (index, steps) => {
    const own = (await poolIndex(workspace, settingsOf({ ...index, askedTokens: 1 }), weights))!;
    const used = [];
    for (let totalStep = 0; totalStep < steps.length; totalStep++) {
      // Two steps an epoch.
      const at = { ...place, epoch: 1 + Math.floor(totalStep / 2), totalStep };
      await own.candidates(firstBatch(), policy(), at);
      used.push(totalStep - own.figures()['index/staleness']!);
    }
    await own.dispose();

    expect(used).toEqual(steps);
  });

  test('it says what the policy said then, whatever became of it', async () => {
    const settings = settingsOf({ every: { steps: 1 }, askedTokens: 1000, nearest: 5 });
    const turned: Weights = Object.fromEntries(
      Object.entries(weights).map(([name, { shape, data }]) => [
        name,
        { shape, data: data.slice() },
      ]),
    );
    const index = (await poolIndex(workspace, settings, weights))!;
    const first = await index.candidates(firstBatch(), policy(turned), place);
    for (const { data } of Object.values(turned)) {
      for (const at of data.keys()) data[at]! *= -1;
    }
    const second = await index.candidates(firstBatch(), policy(turned), { ...place, totalStep: 1 });
    const third = await index.candidates(firstBatch(), policy(turned), { ...place, totalStep: 2 });
    await index.dispose();

    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
  });
});

const among = (index: Partial<IndexCandidates>) => ({
  candidates: 60,
  distribution: { from: 'index', askedTokens: 16, ...index } as const,
});
const aligning = (index: Partial<IndexCandidates>): AlignOptions => ({
  negatives: { from: 'pool', size: 5, among: among(index) },
  learningRate: 0.01,
  maxEpochs: 3,
  patience: 3,
});

// Of an index that finds little, recall depends on the batch that it was measured on.
const poor = { expansion: 1, nearest: 6 };
test.each<['program' | 'host', Partial<IndexCandidates>]>([
  ['program', { every: { steps: 3 }, ...poor }],
  ['host', { readyAfter: 2, ...poor }],
])(
  'a training that was stopped goes on to the same bits: rows in the %s',
  async (itemRows, index) => {
    const own = itemRows === 'host' ? open({ itemRows }) : workspace;
    const checkpoints = join(folder, itemRows);
    const options = aligning(index);
    const seen: number[] = [];
    const whole = await align(own, weights, {
      ...options,
      onStep: ({ epoch }) => seen.push(epoch),
    });
    const controller = new AbortController();
    let steps = 0;
    const onStep = () => {
      if (++steps === 5) controller.abort(new Error('enough'));
    };
    const { signal } = controller;
    const stopped = align(own, weights, { ...options, checkpoints, signal, onStep });
    await expect(stopped).rejects.toThrow('enough');
    const resumed = await align(own, weights, { ...options, checkpoints });
    if (itemRows === 'host') await own.dispose();

    // Stopped in the second epoch: its snapshot was taken, and the one before stays in use for a step.
    expect([seen[3], seen[4], seen[5]]).toEqual([1, 2, 2]);
    expect(whole.log[0]!['index/recall']).toBeLessThan(1);
    expect(resumed).toEqual(whole);
  },
);

test('the log tells staleness and recall, as means of its steps, beside what was wrong', async () => {
  const counted = { tokens: 0, stale: 0 };
  let step = 0;
  const { log } = await align(workspace, weights, {
    ...aligning({ every: { steps: 3 }, readyAfter: 0 }),
    maxEpochs: 1,
    onStep: ({ tokens }) => {
      counted.tokens += tokens;
      counted.stale += tokens * (step++ % 3);
    },
  });

  expect(step).toBeGreaterThan(3);
  expect(log[0]!['index/staleness']).toBeCloseTo(counted.stale / counted.tokens, 10);
  expect(log[0]!['index/recall']).toBeGreaterThan(0.9);
  expect(Math.abs(Number(log[0]!.falseNegativeRate) - 1 / 3)).toBeLessThan(0.15);
  expect(Number(log[0]!['logq/rejected'])).toBeCloseTo(-Math.log(5), 3);
});

const refused: [string, Partial<IndexCandidates> & object, object, RegExp][] = [
  ['no steps', { every: { steps: 0 } }, {}, /every.steps must be a positive integer, got 0/],
  ['half epochs', { every: { epochs: 0.5 } }, {}, /every.epochs must be a positive integer/],
  [
    'both',
    { every: { epochs: 1, steps: 1 } },
    {},
    /one of { steps } and { epochs }, got {"epochs"/,
  ],
  ['a past', { readyAfter: -1 }, {}, /readyAfter must be an integer from 0/],
  ['no tokens', { askedTokens: 0 }, {}, /askedTokens must be a positive integer/],
  ['nothing near', { nearest: 0 }, {}, /nearest must be a positive integer/],
  ['no expansion', { expansion: 1.5 }, {}, /expansion must be a positive integer/],
  ['the reference', {}, { scoredBy: 'reference' }, /scoredBy is 'reference'. Let the policy/],
];
test.each(refused)('an index with %s is refused', async (_, index, pool, message) => {
  const { negatives, ...options } = aligning(index);
  const settings = { ...options, negatives: { ...(negatives as object), ...pool } } as AlignOptions;

  const error = await align(workspace, weights, settings).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RangeError);
  expect((error as Error).message).toMatch(message);
  expect(isActionable(error)).toBe(true);
});

test('without an index among its settings a pool has none', async () => {
  const of = (negatives: AlignSettings['negatives']) =>
    poolIndex(workspace, { ...alignDefaults, negatives }, weights);

  expect(await of({ from: 'pool', size: 5 })).toBeUndefined();
  expect(await of({ from: 'pool', size: 5, among: { candidates: 60 } })).toBeUndefined();
  const distribution = { from: 'popularity' } as const;
  const popular = { candidates: 60, distribution };
  expect(await of({ from: 'pool', size: 5, among: popular })).toBeUndefined();
});

test('an alignment ends the threads of its indices, of those in use and of the next', async () => {
  const threads: Worker[] = [];
  const started = (thread: Worker) => void threads.push(thread);
  process.on('worker', started);
  onTestFinished(() => void process.off('worker', started));

  await align(workspace, weights, { ...aligning({ every: { steps: 1 } }), maxEpochs: 1 });

  expect(threads.length).toBeGreaterThan(2);
  // A thread that has ended has the number -1.
  expect(new Set(threads.map(({ threadId }) => threadId))).toEqual(new Set([-1]));
});

test('a loss that needs probabilities refuses an index, alone or in a mixture', () => {
  const index = { from: 'index' };
  const mixed = { from: 'mixed', parts: [{ ...index, share: 1 }] };
  for (const distribution of [index, mixed]) {
    const settings = { candidates: 8, distribution: distribution as never };
    expect(() => candidateDrawer(workspace.set, workspace.layout, 'softmax', settings)).toThrow(
      /Candidates from an 'index' are for pools alone/,
    );
  }
});

test('a loop of its own must give what the index found', () => {
  const inputsOf = alignInputs(settingsOf({}), workspace, vectors);
  expect(() => inputsOf(firstBatch(), place)).toThrow(/give those of poolIndex/);
});
