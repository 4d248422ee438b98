import { averagesOf, linearSchedule, optimiser } from '@rodpo/trainer';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type Latest, memoryCheckpoints } from '../src/training/checkpoints.ts';
import { pretrain } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));
const open = () => smallWorkspace({ engine: compiledEngine({ threads: 1 }) });

test('AdamW without decay, at one rate, trains as Adam does', async () => {
  const options = { maxEpochs: 2, learningRate: 0.01, dropout: 0 };
  const adam = await pretrain(open(), options);
  const own = await pretrain(open(), {
    ...options,
    optimiser: optimiser({ learningRate: 0.01, weightDecay: 0 }),
  });
  for (const [epoch, { loss }] of adam.log.entries()) {
    expect(Number(own.log[epoch]!.loss)).toBeCloseTo(Number(loss), 5);
  }
});

test('a schedule, clipping and averages are told, followed and kept', async () => {
  let latest: Latest | undefined;
  const inMemory = memoryCheckpoints();
  const { weights, log } = await pretrain(open(), {
    maxEpochs: 1,
    optimiser: optimiser({
      learningRate: linearSchedule({ learningRate: 0.1, warmUpSteps: 0, totalSteps: 1000 }),
      maxGradientNorm: 1e-3,
      average: { decay: 0.9 },
    }),
    checkpoints: {
      ...inMemory,
      saveLatest: async (now) => {
        latest = now;
        await inMemory.saveLatest(now);
      },
    },
  });
  const { state } = latest!;
  const optimiserState = Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => name.startsWith('optimiser.'))
      .map(([name, array]) => [name.slice('optimiser.'.length), array]),
  );

  expect(Number(log[0]!.learningRate)).toBeLessThan(0.1);
  expect(Number(log[0]!.learningRate)).toBeGreaterThan(0.09);
  expect(Number(log[0]!.gradientNorm)).toBeGreaterThan(1e-3);
  expect(weights).toEqual(averagesOf(optimiserState));
  expect(weights.items).not.toEqual(state['weights.items']);
});
