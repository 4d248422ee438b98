import type { NegativeSampler, SamplingBatch } from '@rodpo/samplers';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type TrainingBatch, trainingBatches } from '../src/batches/training-set.ts';
import { sourceOutside } from '../src/rows/source-outside.ts';
import type { HostNegatives, NegativeSource } from '../src/steps/align-settings.ts';
import { align } from '../src/training/align.ts';
import { drawBetweenSteps } from '../src/training/draw-between-steps.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { eagerEngine } from '../src/workspace/engine.ts';
import type { WorkspaceOptions } from '../src/workspace/workspace.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

/** Draws the numbers of its rows, and keeps what it was asked. */
function numbering() {
  const asked: SamplingBatch[] = [];
  const sampler: NegativeSampler = {
    sample: (batch, count) => {
      asked.push(batch);
      const items = Int32Array.from({ length: batch.rowCount * count }, (_, index) => 100 + index);
      return { items, logProbabilities: Float32Array.from(items, (item) => -item) };
    },
    logProbabilities: () => new Float32Array(0),
  };
  return { sampler, asked };
}

const place = { seed: 3, step: 1, totalStep: 7 } as never;

async function drawn(
  options: { count: number; exclude: 'chosen' | 'history'; last?: number },
  changes: Partial<WorkspaceOptions> = {},
) {
  const workspace = smallWorkspace(changes);
  const { sampler, asked } = numbering();
  const source = { from: 'sampler', sampler } as const;
  const drawing = await drawBetweenSteps(workspace, source, options, initialWeights(workspace));
  const positions = options.last === undefined ? 'all' : { last: options.last };
  const batch = [...trainingBatches(workspace.set, workspace.layout, undefined, { positions })][1]!;
  const program = undefined as never; // whose scores nobody asks for
  const inputs = await drawing.inputs(batch, program, place);
  await drawing.dispose();
  return { workspace, batch, inputs, asked: asked[0]! };
}

/** Each learned token, in the order of rows, with the sequence that it is of. */
function learned({ learned: places, packed: { rowLength } }: TrainingBatch) {
  return places.flatMap(({ sequence, row, offset, length }) =>
    Array.from({ length }, (_, at) => ({ sequence, token: row * rowLength + offset + at })),
  );
}

const excludedOf = ({ excluded: { offsets, items } }: SamplingBatch, row: number) => [
  ...items.subarray(offsets[row]!, offsets[row + 1]!),
];

test('a row for each token that is learned from, whose negatives stand at its place', async () => {
  const { batch, inputs, asked } = await drawn({ count: 2, exclude: 'chosen', last: 2 });
  const tokens = learned(batch);

  expect(asked.rowCount).toBe(tokens.length);
  expect([...asked.chosen!]).toEqual(tokens.map(({ token }) => batch.inputs.targets![token]));
  expect(asked.step).toBe(7);
  expect(asked).not.toHaveProperty('scores');
  const items = Array(2 * 8 * 16).fill(-1);
  const logs = Array(2 * 8 * 16).fill(0);
  for (const [row, { token }] of tokens.entries()) {
    for (const at of [0, 1]) {
      items[2 * token + at] = 100 + 2 * row + at;
      logs[2 * token + at] = -(100 + 2 * row + at);
    }
  }
  expect([...inputs.negatives!]).toEqual(items);
  expect([...inputs.logProbabilities!]).toEqual(logs);
});

test('excluded is the chosen item alone, or what its sequence has', async () => {
  for (const exclude of ['chosen', 'history'] as const) {
    const { workspace, batch, asked } = await drawn({ count: 1, exclude });
    for (const [row, { sequence }] of learned(batch).entries()) {
      const expected = exclude === 'chosen' ? [asked.chosen![row]!] : workspace.set.items(sequence);
      expect(excludedOf(asked, row)).toEqual([...expected]);
    }
  }
});

test('keys are the users, whichever of their windows a row is of', async () => {
  const changes = { maxLength: 8, windows: { stride: 2 } };
  const { workspace, batch, asked } = await drawn({ count: 1, exclude: 'chosen' }, changes);
  const tokens = learned(batch);

  expect([...asked.keys!]).toEqual(tokens.map(({ sequence }) => workspace.set.userOf(sequence)));
  expect(new Set(asked.keys).size).toBeLessThan(new Set(tokens.map((one) => one.sequence)).size);
});

/** Five users who chose alike, and one who did not: what is not of the one is of all the others. */
const sequences = Array.from({ length: 6 }, (_, user) =>
  Int32Array.from({ length: 6 }, (_, place) => (user === 0 ? 10 : 0) + place),
);
const alike: Partial<WorkspaceOptions> = {
  dataset: {
    userIds: sequences.map((_, user) => `${user}`),
    itemIds: Array.from({ length: 40 }, (_, item) => `${item}`),
    sequences,
  },
  // Two users to a row, and one row to a batch: some batches hold no others.
  rowLength: 8,
  rowCount: 1,
  blockSize: 8,
};

test('where the batch holds nothing else, a token has none, and the others have theirs', async () => {
  const workspace = smallWorkspace(alike);
  const source = sourceOutside({ from: 'batch' }, workspace.set) as HostNegatives;
  const settings = { count: 2, exclude: 'history' } as const;
  const drawing = await drawBetweenSteps(workspace, source, settings, initialWeights(workspace));
  const expected: boolean[] = [];
  const found: boolean[] = [];
  for (const batch of trainingBatches(workspace.set, workspace.layout)) {
    const { negatives, logProbabilities } = await drawing.inputs(batch, undefined as never, place);
    const tokens = learned(batch);
    const chosen = tokens.map(({ token }) => batch.inputs.targets![token]!);
    for (const { sequence, token } of tokens) {
      const own = new Set(workspace.set.items(sequence));
      const others = chosen.filter((item) => !own.has(item));
      const drawn = [...negatives!.subarray(2 * token, 2 * token + 2)];
      expected.push(others.length > 0);
      found.push(drawn.every((item) => others.includes(item)));
      if (others.length > 0) continue;
      expect(drawn).toEqual([-1, -1]);
      expect([...logProbabilities!.subarray(2 * token, 2 * token + 2)]).toEqual([0, 0]);
    }
  }

  expect(found).toEqual(expected);
  expect(new Set(expected)).toEqual(new Set([true, false]));
});

test.each<NegativeSource>([{ from: 'batch' }, { from: 'popularity' }])(
  'a training with nothing to draw learns as with rows in the program: %j',
  async (negatives) => {
    const losses = [];
    for (const itemRows of ['program', 'host'] as const) {
      const dataset = { ...alike.dataset!, sequences: sequences.slice(1) };
      const workspace = smallWorkspace({ ...alike, dataset, itemRows, engine: eagerEngine() });
      const { log } = await align(workspace, initialWeights(workspace), {
        negatives,
        crossEntropy: { kind: 'sampled', candidates: 16 },
        dropout: 0,
        maxEpochs: 1,
      });
      losses.push([log[0]!.loss, log[0]!.preference].map(Number));
      await workspace.dispose();
    }

    const [inProgram, onHost] = losses;
    expect(onHost![0]).toBeCloseTo(inProgram![0]!, 5);
    expect(onHost![1]).toBe(0);
    expect(inProgram![1]).toBe(0);
  },
);
