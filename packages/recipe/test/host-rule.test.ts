import { sparseAdaGrad } from '@rodpo/embeddings';
import { linearSchedule, type Optimiser, optimiser } from '@rodpo/trainer';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { trainingBatches } from '../src/batches/training-set.ts';
import type { PretrainSettings } from '../src/steps/pretrain-step.ts';
import { initialWeights, pretrainInputs, pretrainProgram } from '../src/training/pretrain.ts';
import { eagerEngine } from '../src/workspace/engine.ts';
import type { Weights } from '../src/workspace/weights.ts';
import type { Workspace } from '../src/workspace/workspace.ts';
import { smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));

// One row of tokens a step, so that each leaves out many of the items.
const few = { engine: eagerEngine(), rowCount: 1, rowLength: 24, blockSize: 24 };
const loss = { kind: 'sampled', candidates: 4, distribution: { from: 'catalogue' } } as const;

async function trained(
  itemRows: Workspace['itemRows'],
  settings: Partial<PretrainSettings>,
): Promise<Weights> {
  const workspace = smallWorkspace({ ...few, itemRows });
  const own = { loss, learningRate: 0.01, dropout: 0, ...settings };
  const program = await pretrainProgram(workspace, initialWeights(workspace), own);
  const inputs = pretrainInputs(loss, workspace);
  const batches = [...trainingBatches(workspace.set, workspace.layout, 5)].slice(0, 8);
  for (const [step, batch] of batches.entries()) {
    const drawn = inputs(batch, { seed: 1, step });
    await program.run({ ...batch.inputs, ...drawn }, { seed: 1, step });
  }
  const state = await program.state();
  const names = ['weights.items', 'weights.positions'];
  const kept = names.map((name) => [name, { ...state[name]!, data: state[name]!.data.slice() }]);
  await workspace.dispose();
  return Object.fromEntries(kept);
}

function largestDifference(a: Weights, b: Weights): number {
  return Math.max(
    ...Object.entries(a).flatMap(([name, { data }]) =>
      Array.from(data, (value, place) => Math.abs(value - b[name]!.data[place]!)),
    ),
  );
}

test.each<[string, Parameters<typeof optimiser>[0]]>([
  ['weight decay', { learningRate: 0.01, weightDecay: 1 }],
  ['the decay that there is by default', { learningRate: 0.01 }],
  ['betas', { learningRate: 0.01, weightDecay: 0, beta1: 0.5, beta2: 0.9 }],
  [
    'what does not decay',
    { learningRate: 0.01, weightDecay: 1, decays: (name) => name !== 'items' },
  ],
  [
    'a schedule',
    { learningRate: linearSchedule({ learningRate: 0.02, totalSteps: 10 }), weightDecay: 1 },
  ],
])('%s: rows on the host follow the rule that rows in the program do', async (_, rule) => {
  const options = () => ({ optimiser: optimiser(rule) });
  const [inProgram, onHost] = [
    await trained('program', options()),
    await trained('host', options()),
  ];

  expect(largestDifference(inProgram, onHost)).toBeLessThan(2e-6);
});

test('so does epsilon, but for what its bias correction makes of it in steps that are caught up on', async () => {
  const options = () => ({
    optimiser: optimiser({ learningRate: 0.01, weightDecay: 0, epsilon: 1e-2 }),
  });
  const [inProgram, onHost] = [
    await trained('program', options()),
    await trained('host', options()),
  ];

  // With the default epsilon on the host it is .037.
  expect(largestDifference(inProgram, onHost)).toBeLessThan(2e-3);
});

test('of another rule than AdamW rows on the host need their own', async () => {
  const { rule: _, ...unknown }: Optimiser = optimiser({ learningRate: 0.01 });

  await expect(trained('host', { optimiser: unknown })).rejects.toThrow(
    /does not tell a rule.*Give a rowOptimiser beside it/,
  );
  const both = { optimiser: unknown, rowOptimiser: sparseAdaGrad };
  expect(Object.keys(await trained('host', both))).toContain('weights.items');
});

test('gradients are not accumulated while rows on the host move with each micro-batch', async () => {
  const options = { optimiser: optimiser({ learningRate: 0.01, accumulationSteps: 3 }) };

  await expect(trained('host', options)).rejects.toThrow(
    /each of the 3 micro-batches. Leave accumulationSteps out and take more rowCount/,
  );
});
