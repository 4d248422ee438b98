import { hardest, topKPool, uniform } from '@rodpo/samplers';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { NegativeSource } from '../src/steps/align-settings.ts';
import { type AlignOptions, align } from '../src/training/align.ts';
import { initialWeights } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import type { Weights } from '../src/workspace/weights.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

const open = () => smallWorkspace({ engine: compiledEngine({ threads: 1 }) });
const aligned = async (negatives: NegativeSource, own: AlignOptions = {}) => {
  const workspace = open();
  const options = { dropout: 0, maxEpochs: 2, learningRate: 0.01, ...own, negatives };
  const result = await align(workspace, initialWeights(workspace), options);
  await workspace.dispose();
  return result;
};

function largestDifference(a: Weights, b: Weights): number {
  const differences = Object.entries(a).flatMap(([name, { data }]) =>
    Array.from(data, (value, index) => Math.abs(value - b[name]!.data[index]!)),
  );
  return Math.max(...differences);
}

test.each(['history', 'chosen'] as const)(
  'the hardest item is the same, drawn in the step or between steps: %s excluded',
  async (exclude) => {
    const inStep = await aligned({ from: 'pool', size: 1 }, { exclude });
    const between = await aligned(
      { from: 'sampler', sampler: hardest(), scored: true },
      { exclude },
    );

    // Float32 in another order, through two epochs of Adam.
    expect(largestDifference(inStep.weights, between.weights)).toBeLessThan(1e-4);
    for (const name of ['heldOutRate', 'historyRate', 'preference']) {
      const [one, other] = [inStep, between].map(({ log }) => log.map((entry) => entry[name]));
      for (const [epoch, value] of one!.entries()) {
        expect(Number(other![epoch]), name).toBeCloseTo(Number(value), 4);
      }
    }
    expect(largestDifference(inStep.weights, initialWeights(open()))).toBeGreaterThan(0.01);
  },
);

test('without a preference loss nothing is drawn, whatever sampler is named', async () => {
  const own: AlignOptions = { loss: 'none', maxEpochs: 1 };
  const sampler = uniform({ itemCount: 40 });
  const { log, weights } = await aligned({ from: 'sampler', sampler }, own);
  const { weights: expected } = await aligned({ from: 'catalogue' }, own);

  expect(log[0]).not.toHaveProperty('preference');
  expect(weights).toEqual(expected);
});

test('what a sampler drew is told, with how likely it was', async () => {
  const pool: NegativeSource = {
    from: 'sampler',
    sampler: topKPool({ poolSize: 4 }),
    scored: true,
  };
  const sampled: NegativeSource = { from: 'sampler', sampler: uniform({ itemCount: 40 }) };
  const [entry] = (await aligned(pool, { maxEpochs: 1 })).log;
  const [other] = (await aligned(sampled, { maxEpochs: 1, exclude: 'chosen' })).log;

  expect(Number(entry!['logq/rejected'])).toBeCloseTo(-Math.log(4), 5);
  expect(Number(other!['logq/rejected'])).toBeCloseTo(-Math.log(39), 5);
  // Only items older than what is read are left of a history that is excluded.
  expect(Number(entry!.historyRate)).toBeLessThan(0.02);
  expect(Number(other!.historyRate)).toBeGreaterThan(0.1);
});

test('several negatives of a sampler go to the softmax loss', async () => {
  const sampler = uniform({ itemCount: 40 });
  const own = { count: 3, loss: 'softmax-dpo' as const, maxEpochs: 1, crossEntropyWeight: 0 };
  const [entry] = (await aligned({ from: 'sampler', sampler }, own)).log;

  // At the start all margins are 0, and the loss is −log σ(−log Σ exp 0) = log 4.
  expect(Number(entry!.preference)).toBeGreaterThan(0.5);
  expect(Number(entry!.preference)).toBeLessThan(Math.log(4) + 0.05);
});

test('the same seed draws the same, another name draws otherwise', async () => {
  const source: NegativeSource = { from: 'sampler', sampler: uniform({ itemCount: 40 }) };
  const [first, second, other] = [
    await aligned(source, { maxEpochs: 1 }),
    await aligned(source, { maxEpochs: 1 }),
    await aligned(source, { maxEpochs: 1, name: 'other' }),
  ];

  expect(second).toEqual(first);
  expect(largestDifference(first.weights, other.weights)).toBeGreaterThan(0);
});

test('a catalogue too small for the pool and the exclusions is refused, with what to do', async () => {
  await expect(aligned({ from: 'pool', size: 35 })).rejects.toThrow(
    "'align' needs 44 items (pool and exclusions), the catalogue has 40. Use a smaller pool, or " +
      "align.exclude 'chosen'.",
  );
});
