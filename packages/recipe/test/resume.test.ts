import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedPool } from '@rodpo/samplers';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { align } from '../src/training/align.ts';
import { initialWeights, pretrain } from '../src/training/pretrain.ts';
import { compiledEngine, type Engine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

let folder: string;
beforeAll(async () => {
  await setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'rodpo-resume-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const engine = compiledEngine({ threads: 1 });
const options = { maxEpochs: 3, patience: 3, learningRate: 0.01 };

/** An engine, and how many programs it was asked for. */
function countingEngine(): { counted: Engine; made: () => number } {
  let count = 0;
  const counted: Engine = {
    name: engine.name,
    program: (step, own) => {
      count++;
      return engine.program(step, own);
    },
  };
  return { counted, made: () => count };
}

test.each([1, 3, 7])(
  'stopped in the middle of an epoch, after step %i, it ends with the same bits',
  async (stop) => {
    const checkpoints = join(folder, `stopped-${stop}`);
    const whole = await pretrain(smallWorkspace({ engine }), options);
    const controller = new AbortController();
    let steps = 0;
    const stopped = pretrain(smallWorkspace({ engine }), {
      ...options,
      checkpoints,
      signal: controller.signal,
      onStep: () => {
        if (++steps === stop) controller.abort(new Error('enough'));
      },
    });
    await expect(stopped).rejects.toThrow('enough');
    const resumed: number[] = [];
    const result = await pretrain(smallWorkspace({ engine }), {
      ...options,
      checkpoints,
      onResume: ({ epoch, step }, isFinished) => resumed.push(epoch, step, Number(isFinished)),
      onStep: () => steps++,
    });

    expect(resumed[1]).toBeGreaterThan(0); // else nothing was in the middle
    expect(resumed[2]).toBe(0);
    expect(result).toEqual(whole);
    // No step was done twice.
    let expected = 0;
    await pretrain(smallWorkspace({ engine }), { ...options, onStep: () => expected++ });
    expect(steps).toBe(expected);
  },
);

test('an alignment ends with the same bits, too', async () => {
  const checkpoints = join(folder, 'aligned');
  const workspace = smallWorkspace({ engine });
  const weights = initialWeights(workspace);
  const own = { ...options, maxEpochs: 2, negatives: { from: 'catalogue' } } as const;
  const controller = new AbortController();
  let steps = 0;
  const onStep = () => {
    if (++steps === 5) controller.abort(new Error('enough'));
  };
  const { signal } = controller;

  const whole = await align(workspace, weights, own);
  const stopped = align(workspace, weights, { ...own, checkpoints, signal, onStep });
  await expect(stopped).rejects.toThrow('enough');

  expect(await align(workspace, weights, { ...own, checkpoints })).toEqual(whole);
  await workspace.dispose();
});

test('stopped by a timer between two steps, it has saved where it stood', async () => {
  const checkpoints = join(folder, 'timer');
  const controller = new AbortController();
  const stopped = pretrain(smallWorkspace({ engine }), {
    ...options,
    checkpoints,
    signal: controller.signal,
    onStep: () => void setTimeout(() => controller.abort(new Error('enough')), 0),
  });
  await expect(stopped).rejects.toThrow('enough');
  const resumed: number[] = [];
  const onResume = ({ epoch, step }: { epoch: number; step: number }) => resumed.push(epoch, step);
  await pretrain(smallWorkspace({ engine }), { ...options, checkpoints, onResume });

  expect(resumed).toEqual([0, 1]);
});

test('what has ended is read, and nothing is compiled again', async () => {
  const checkpoints = join(folder, 'ended');
  const first = await pretrain(smallWorkspace({ engine }), { ...options, checkpoints });
  const { counted, made } = countingEngine();
  const again = await pretrain(smallWorkspace({ engine: counted }), { ...options, checkpoints });

  expect(again).toEqual(first);
  expect(made()).toBe(0);
  expect((await readdir(checkpoints)).sort()).toEqual([
    'pretrain.latest.safetensors',
    'pretrain.safetensors',
  ]);
});

test.each([
  ['another rate', {}, { learningRate: 0.02 }],
  ['another seed', { seed: 2 }, {}],
  ['other sizes', { rowCount: 4 }, {}],
])('a folder of %s is refused, untouched', async (_, workspace, changed) => {
  const checkpoints = join(folder, `refused-${Math.random()}`);
  const short = { ...options, maxEpochs: 1, checkpoints };
  await pretrain(smallWorkspace({ engine }), short);
  const other = pretrain(smallWorkspace({ engine, ...workspace }), { ...short, ...changed });

  await expect(other).rejects.toThrow(/of a training with other settings or data/);
  const more = await pretrain(smallWorkspace({ engine }), { ...short, maxEpochs: 2 });
  expect(more.log.map(({ epoch }) => epoch)).toEqual([1, 2]);
});

test('several trainings keep to their own files of one folder', async () => {
  const checkpoints = join(folder, 'several');
  const workspace = smallWorkspace({ engine });
  const short = { maxEpochs: 1, checkpoints };
  const { weights } = await pretrain(workspace, short);
  const own = { ...short, negatives: { from: 'catalogue' as const } };
  await align(workspace, weights, { ...own, name: 'a' });
  await align(workspace, weights, { ...own, name: 'b' });

  expect((await readdir(checkpoints)).filter((name) => !name.includes('latest')).sort()).toEqual([
    'a.safetensors',
    'b.safetensors',
    'pretrain.safetensors',
  ]);
});

test.each(['uniform', 'rank'] as const)(
  'a sampler goes on with the pools that it kept: %s',
  async (weighting) => {
    const run = async (checkpoints: string | undefined, maxEpochs: number, poolSize = 5) => {
      const workspace = smallWorkspace({ engine });
      const sampler = cachedPool({ keyCount: 120, poolSize, refreshEvery: 100, weighting });
      try {
        return await align(workspace, initialWeights(workspace), {
          ...options,
          ...(checkpoints === undefined ? {} : { checkpoints }),
          maxEpochs,
          negatives: { from: 'sampler', sampler, scored: true },
        });
      } finally {
        await workspace.dispose();
      }
    };
    const checkpoints = join(folder, `sampler-${weighting}`);
    await run(checkpoints, 1);

    await expect(run(checkpoints, 2, 6)).rejects.toThrow(/of a sampler with other options/);
    const [resumed, whole] = [await run(checkpoints, 2), await run(undefined, 2)];
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.log.map(({ loss }) => loss)).toEqual(whole.log.map(({ loss }) => loss));
  },
);
