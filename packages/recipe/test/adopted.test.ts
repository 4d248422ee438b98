import { transformerEncoder } from '@rodpo/encoder';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { trainingBatches } from '../src/batches/training-set.ts';
import { memoryCheckpoints } from '../src/training/checkpoints.ts';
import { pretrainDefaults } from '../src/training/defaults.ts';
import {
  initialWeights,
  type PretrainOptions,
  pretrain,
  pretrainInputs,
  pretrainProgram,
} from '../src/training/pretrain.ts';
import { figuresOf } from '../src/training/train.ts';
import { compiledEngine } from '../src/workspace/engine.ts';
import { smallSizes, smallWorkspace } from './small-workspace.ts';

beforeAll(async () => void (await setBackend('cpu')));
const engine = compiledEngine({ threads: 1 });
const options: PretrainOptions = { maxEpochs: 1, learningRate: 0.01 };
const place = { seed: 1, step: 0 };

test.each(['host', 'program'] as const)(
  'rows on the %s: what training starts from stays as it is',
  async (itemRows) => {
    const workspace = smallWorkspace({ engine, itemRows });
    const initial = initialWeights(workspace);
    const before = initial.items!.data.slice();
    const started = performance.now();
    let entry: Record<string, unknown> = {};
    const onEpoch = (own: Record<string, unknown>) => {
      entry = own;
    };
    const { weights } = await pretrain(workspace, { ...options, initial, onEpoch });
    const elapsed = (performance.now() - started) / 1000;
    await workspace.dispose();

    expect(initial.items!.data).toEqual(before);
    expect(weights.items!.data).not.toEqual(before);
    const { seconds, examplesPerSecond } = entry as Record<string, number>;
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(elapsed);
    expect(seconds! * examplesPerSecond!).toBeCloseTo(workspace.set.tokenCount, 3);
  },
);

test('a loop of its own trains a copy, unless it says otherwise', async () => {
  const workspace = smallWorkspace({ engine, itemRows: 'host' });
  const weights = initialWeights(workspace);
  const before = weights.items!.data.slice();
  const loss = { kind: 'sampled', candidates: 8 } as const;
  const settings = { ...pretrainDefaults, learningRate: 0.01, loss };
  const [batch] = trainingBatches(workspace.set, workspace.layout);
  const inputs = { ...batch!.inputs, ...pretrainInputs(loss, workspace)(batch!, place) };
  const stepped = async (...adopt: [] | [boolean]) => {
    const program = await pretrainProgram(workspace, weights, settings, ...adopt);
    await program.run(inputs, place);
    await program.dispose();
    return weights.items!.data;
  };

  expect(await stepped()).toEqual(before);
  expect(await stepped(true)).not.toEqual(before);
  await workspace.dispose();
});

test('a step reads what its loss compares with, and nothing else', () => {
  const names = (itemRows: 'host' | 'program', loss: PretrainOptions['loss']) => {
    const { set, layout } = smallWorkspace({ itemRows });
    const batch = { inputs: { targets: new Int32Array(128), weights: new Float32Array(128) } };
    const of = pretrainInputs(loss!, { set, layout, itemRows });
    const packed = { rows: 8, rowLength: 16, placements: [] };
    return Object.keys(of({ ...batch, packed } as never, { seed: 1, step: 0 }) ?? { none: 1 });
  };

  expect(names('program', { kind: 'softmax' })).toEqual([]);
  expect(names('program', { kind: 'auto' })).toEqual([]);
  expect(names('host', { kind: 'auto' })).toContain('softmax.candidates');
  expect(names('program', { kind: 'sampled', candidates: 4 })).toContain('softmax.candidates');
  expect(names('program', { kind: 'gbce', negatives: 4 })).toEqual(['excluded']);
});

test('what the size has decided is said where it was asked to decide, and nowhere else', async () => {
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  const said = async (loss: PretrainOptions['loss']) => {
    const lines: string[] = [];
    const onNotice = (line: string) => void lines.push(line);
    const workspace = smallWorkspace({ engine });
    const training = pretrain(workspace, { loss: loss!, onNotice, signal: stop.signal });
    await expect(training).rejects.toThrow('enough');
    await workspace.dispose();
    return lines.length;
  };

  expect(await said({ kind: 'auto' })).toBe(1);
  expect(await said({ kind: 'softmax' })).toBe(0);
});

test('a checkpoint holds what training changes, not the vectors that it reads', async () => {
  const workspace = smallWorkspace({
    engine,
    vectors: { text: { dimension: 3, vectors: new Float32Array(40 * 3).fill(0.5) } },
    encoder: ({ itemCount, vectors }) =>
      transformerEncoder({ ...smallSizes, itemCount, streams: { id: true, vectors } }),
  });
  const checkpoints = memoryCheckpoints();
  await pretrain(workspace, { ...options, checkpoints });
  await workspace.dispose();

  const names = Object.keys((await checkpoints.latest())!.state);
  expect(names).toContain('weights.items');
  expect(names.filter((name) => !/^(weights|optimiser)\./.test(name))).toEqual([]);
});

test('figures are numbers: of a vector one for each of its elements', () => {
  expect(figuresOf({ loss: Float32Array.of(2), load: Float32Array.of(0.25, 0.75) })).toEqual({
    loss: 2,
    'load.0': 0.25,
    'load.1': 0.75,
  });
});
