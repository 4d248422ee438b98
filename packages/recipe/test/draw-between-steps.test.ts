import type { NegativeSampler, SamplingBatch } from '@rodpo/samplers';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type TrainingBatch, trainingBatches } from '../src/batches/training-set.ts';
import { drawBetweenSteps } from '../src/training/draw-between-steps.ts';
import { initialWeights } from '../src/training/pretrain.ts';
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
