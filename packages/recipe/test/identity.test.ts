import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sparseAdaGrad } from '@rodpo/embeddings';
import { transformerEncoder } from '@rodpo/encoder';
import { optimiser } from '@rodpo/trainer';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AlignOptions, align } from '../src/training/align.ts';
import { initialWeights, type PretrainOptions, pretrain } from '../src/training/pretrain.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import type { WorkspaceOptions } from '../src/workspace/workspace.ts';
import { smallDataset, smallSizes, smallWorkspace } from './small-workspace.ts';

const engine = compiledEngine({ threads: 1 });
const sizes = { ...smallSizes, itemCount: 40 };
let folder: string;
let checkpoints: { readonly pretrain: string; readonly align: string };

const pretraining: PretrainOptions = { maxEpochs: 1, learningRate: 0.01 };
const aligning: AlignOptions = {
  negatives: { from: 'pool', size: 4 },
  maxEpochs: 1,
  crossEntropyWeight: 0.5,
  crossEntropy: { kind: 'softmax' },
  optimiser: optimiser({ learningRate: 1e-3 }),
};

beforeAll(async () => {
  await setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'rodpo-identity-'));
  checkpoints = { pretrain: join(folder, 'pretrain'), align: join(folder, 'align') };
  const workspace = smallWorkspace({ engine });
  await pretrain(workspace, { ...pretraining, checkpoints: checkpoints.pretrain });
  const weights = initialWeights(workspace);
  await align(workspace, weights, { ...aligning, checkpoints: checkpoints.align });
  await workspace.dispose();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const refusal = /other settings|other data|another training/i;

test.each<[string, AlignOptions]>([
  ['loss', { loss: 'none' }],
  ['negatives', { negatives: { from: 'pool', size: 5 } }],
  ['count', { count: 2, loss: 'softmax-dpo' }],
  ['beta', { beta: 0.5 }],
  ['crossEntropyWeight', { crossEntropyWeight: 0.25 }],
  ['exclude', { exclude: 'chosen' }],
  ['positions', { positions: 'last' }],
  ['crossEntropy', { crossEntropy: { kind: 'sampled', candidates: 8 } }],
  ['margin', { margin: 'centred' }],
  ['auxiliaryWeight', { auxiliaryWeight: 0 }],
  ['learningRate', { learningRate: 3e-3 }],
  ['optimiser', { optimiser: optimiser({ learningRate: 2e-3 }) }],
  ['dropout', { dropout: 0.3 }],
  ['minDelta', { minDelta: 0.01 }],
  ['rowOptimiser', { rowOptimiser: (table) => sparseAdaGrad(table) }],
])('alignment with another %s does not go on', async (_, change) => {
  const workspace = smallWorkspace({ engine });
  const options = { ...aligning, ...change, checkpoints: checkpoints.align };

  await expect(align(workspace, initialWeights(workspace), options)).rejects.toThrow(refusal);
});

test('nor from other weights, with another seed, or of other data', async () => {
  const options = { ...aligning, checkpoints: checkpoints.align };
  const workspace = smallWorkspace({ engine });
  const weights = initialWeights(workspace);
  const [name, { shape, data }] = Object.entries(weights)[0]!;
  const moved = { ...weights, [name]: { shape, data: data.map((value) => value + 1) } } as never;

  await expect(align(workspace, moved, options)).rejects.toThrow(refusal);
  for (const change of [{ seed: 2 }, { dataset: smallDataset(119) }, { rowCount: 4 }]) {
    await expect(align(smallWorkspace({ engine, ...change }), weights, options)).rejects.toThrow(
      refusal,
    );
  }
});

test.each<[string, Partial<WorkspaceOptions>]>([
  ['encoder of the same shapes', { encoder: transformerEncoder({ ...sizes, headCount: 1 }) }],
  ['ranking that selects', { maskHistory: true }],
])('nor by another %s', async (_, change) => {
  const workspace = smallWorkspace({ engine, ...change });
  const options = { ...aligning, checkpoints: checkpoints.align };

  await expect(align(workspace, initialWeights(workspace), options)).rejects.toThrow(refusal);
});

test.each<[string, PretrainOptions]>([
  ['loss', { loss: { kind: 'gbce', negatives: 4 } }],
  [
    'loss of its own',
    {
      loss: () => {
        throw new Error('no step is made');
      },
    },
  ],
  ['learningRate', { learningRate: 0.02 }],
  ['minDelta', { minDelta: 0.01 }],
  ['rowOptimiser', { rowOptimiser: (table) => sparseAdaGrad(table) }],
  ['dropout', { dropout: 0.3 }],
])('pretraining with another %s does not go on', async (_, change) => {
  const workspace = smallWorkspace({ engine });
  const options = { ...pretraining, ...change, checkpoints: checkpoints.pretrain };

  await expect(pretrain(workspace, options)).rejects.toThrow(refusal);
});

test('more epochs are no other training', async () => {
  const workspace = smallWorkspace({ engine });
  const options = { ...pretraining, maxEpochs: 2, checkpoints: checkpoints.pretrain };

  expect((await pretrain(workspace, options)).log).toHaveLength(2);
});
