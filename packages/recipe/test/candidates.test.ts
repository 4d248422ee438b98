import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trainingBatches } from '../src/batches/training-set.ts';
import type { CandidateDistribution } from '../src/steps/candidate-settings.ts';
import { align, alignProgram } from '../src/training/align.ts';
import { alignInputs } from '../src/training/align-inputs.ts';
import { alignDefaults, pretrainDefaults } from '../src/training/defaults.ts';
import { candidateDrawer } from '../src/training/draw-candidates.ts';
import {
  initialWeights,
  pretrain,
  pretrainInputs,
  pretrainProgram,
} from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import type { Reference } from '../src/workspace/reference.ts';
import type { Weights } from '../src/workspace/weights.ts';
import type { Workspace } from '../src/workspace/workspace.ts';
import { smallWorkspace } from './small-workspace.ts';

let workspace: Workspace;
let weights: Weights;
let vectors: Reference;

beforeAll(async () => {
  await setBackend('cpu');
  workspace = smallWorkspace({ engine: compiledEngine({ threads: 1 }) });
  weights = initialWeights(workspace);
  // Scores of some size: untrained ones are all nearly 0.
  for (const { data } of [weights.items!]) for (const index of data.keys()) data[index]! *= 20;
  vectors = await workspace.reference(weights);
});
afterAll(() => workspace.dispose());

const place = { seed: 7, step: 0 };
const firstBatch = () => [...trainingBatches(workspace.set, workspace.layout)][0]!;

/** Score of an item after a token of a batch in the order of the users, in plain numbers. */
function scoreOf(token: number, item: number): number {
  const width = workspace.encoder.width;
  let score = 0;
  for (let axis = 0; axis < width; axis++) {
    score +=
      vectors.tokens[token * width + axis]! *
      (vectors.items.data as Float32Array)[item * width + axis]!;
  }
  return score;
}

/** Tokens of the batch: where they are in it, and their number among all tokens of the users. */
function tokensOf({ packed: { placements, rowLength } }: ReturnType<typeof firstBatch>) {
  return placements.flatMap(({ sequence, row, offset, length }) =>
    Array.from({ length }, (_, index) => ({
      row,
      at: row * rowLength + offset + index,
      token: workspace.set.firstTokens[sequence]! + index,
      target: workspace.set.items(sequence)[index + 1]!,
    })),
  );
}

const distributions: CandidateDistribution[] = [
  { from: 'catalogue' },
  { from: 'popularity', exponent: 0.5 },
  { from: 'log-uniform' },
  { from: 'batch' },
  {
    from: 'mixed',
    parts: [
      { from: 'batch', share: 0.4 },
      { from: 'catalogue', share: 0.6 },
    ],
  },
];

describe.each(distributions)('candidates from %j', (distribution) => {
  test.each(['batch', 'row'] as const)('of each %s: the loss is its formula', async (shared) => {
    const loss = { kind: 'sampled', candidates: 12, distribution, shared } as const;
    const batch = firstBatch();
    const drawn = pretrainInputs(loss, workspace)(batch, place);
    const program = await pretrainProgram(workspace, weights, {
      ...pretrainDefaults,
      loss,
      dropout: 0,
    });
    const outputs = await program.run({ ...batch.inputs, ...drawn });
    await program.dispose();

    const [items, logQ] = [drawn['softmax.candidates']!, drawn['softmax.logQ']!];
    const tokens = tokensOf(batch);
    const losses = tokens.map(({ token, row, at, target }) => {
      const own = drawn['softmax.targets.logQ']![at]!;
      const first = shared === 'batch' ? 0 : row * 12;
      let sum = Math.exp(scoreOf(token, target) - own);
      for (let index = first; index < first + 12; index++) {
        if (items[index] === target) continue;
        sum += Math.exp(scoreOf(token, items[index]!) - logQ[index]!);
      }
      return Math.log(sum) - (scoreOf(token, target) - own);
    });
    const mean = losses.reduce((total, value) => total + value, 0) / tokens.length;

    expect(outputs.loss![0]).toBeCloseTo(mean, 4);
  });

  test('a list is of distinct items, with one probability for an item wherever it stands', () => {
    const settings = { candidates: 12, distribution };
    const drawn = candidateDrawer(
      workspace.set,
      workspace.layout,
      'softmax',
      settings,
    )(firstBatch(), place);
    const items = [...drawn['softmax.candidates']!];
    expect(new Set(items).size).toBe(12);
    for (const { at, target } of tokensOf(firstBatch())) {
      const candidate = items.indexOf(target);
      expect(drawn['softmax.targets.isCandidate']![at]).toBe(candidate < 0 ? 0 : 1);
      if (candidate < 0) continue;
      expect(drawn['softmax.targets.logQ']![at]).toBe(drawn['softmax.logQ']![candidate]);
    }
  });
});

test('the whole catalogue as candidates is the softmax over it', async () => {
  const options = { maxEpochs: 2, dropout: 0, initial: weights, name: 'same' };
  const full = await pretrain(workspace, { ...options, loss: { kind: 'softmax' } });
  const sampled = await pretrain(workspace, {
    ...options,
    loss: { kind: 'sampled', candidates: 1000, distribution: { from: 'catalogue' } },
  });

  for (const [epoch, entry] of full.log.entries()) {
    expect(Number(sampled.log[epoch]!.loss)).toBeCloseTo(Number(entry.loss), 4);
  }
});

test('candidates differ from step to step and from seed to seed, and follow from both', () => {
  const settings = { candidates: 12 };
  const draw = (seed: number, step: number) =>
    candidateDrawer(
      workspace.set,
      workspace.layout,
      'pool',
      settings,
    )(firstBatch(), { seed, step });

  expect(draw(1, 0)).toEqual(draw(1, 0));
  expect(draw(1, 0)).not.toEqual(draw(1, 1));
  expect(draw(1, 0)).not.toEqual(draw(2, 0));
});

test('a pool among candidates is their best ones that are not excluded', async () => {
  const { from, size, among } = { from: 'pool', size: 3, among: { candidates: 20 } } as const;
  const settings = { ...alignDefaults, negatives: { from, size, among }, dropout: 0 };
  const program = await alignProgram(workspace, weights, settings, vectors);
  const batch = firstBatch();
  const inputsOf = alignInputs(settings, workspace, vectors);
  const seen = new Set<string>();
  for (let step = 0; step < 6; step++) {
    const drawn = inputsOf(batch, { seed: 1, step });
    const inputs = {
      ...batch.inputs,
      ...drawn,
    };
    program.load(
      Object.fromEntries(Object.entries(weights).map(([name, own]) => [`weights.${name}`, own])),
    );
    const { negatives } = await program.run(inputs, { seed: 1, step });
    for (const { placements, rowLength } of [batch.packed]) {
      for (const { sequence, row, offset, length } of placements) {
        const history = new Set(workspace.set.items(sequence));
        for (let index = 0; index < length; index++) {
          const token = workspace.set.firstTokens[sequence]! + index;
          const best = [...drawn['pool.candidates']!]
            .filter((item) => !history.has(item))
            .sort((a, b) => scoreOf(token, b) - scoreOf(token, a))
            .slice(0, size);
          const negative = negatives![row * rowLength + offset + index]!;
          expect(best).toContain(negative);
          seen.add(`${best.indexOf(negative)}`);
        }
      }
    }
  }
  await program.dispose();
  expect(seen.size).toBe(3);
});

test('alignment trains with pools and a cross-entropy among candidates', async () => {
  const { weights: before } = await pretrain(workspace, { maxEpochs: 3, dropout: 0 });
  const { log } = await align(workspace, before, {
    negatives: { from: 'pool', size: 5, among: { candidates: 24 } },
    crossEntropy: { kind: 'sampled', candidates: 16 },
    maxEpochs: 2,
  });

  expect(Number(log[0]!['logq/rejected'])).toBeCloseTo(-Math.log(5), 3);
  expect(Number(log.at(-1)!.preference)).toBeLessThan(Number(log[0]!.preference));
});

test('a pool that leaves candidates too few is refused, with what to change', async () => {
  const negatives = { from: 'pool', size: 10, among: { candidates: 12 } } as const;

  await expect(align(workspace, weights, { negatives })).rejects.toThrow(
    /'align' needs 19 items.*there are 12 candidates. Draw more/,
  );
});

test.each([
  [{ candidates: 0 }, /candidates must be a positive integer/],
  [
    { candidates: 4, distribution: { from: 'mixed', parts: [{ from: 'catalogue', share: 0.5 }] } },
    /shares of mixed candidates must be positive and sum to 1, got 0.5/,
  ],
] as const)('candidates of %j are refused', (settings, message) => {
  expect(() => candidateDrawer(workspace.set, workspace.layout, 'pool', settings)).toThrow(message);
});
