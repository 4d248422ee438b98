import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileDamagedError } from '@rodpo/files';
import { expect, onTestFinished, test } from 'vitest';
import { bestInMemory, type Latest, memoryCheckpoints } from '../src/training/checkpoints.ts';
import { checkpointsOf } from '../src/training/checkpoints-of.ts';
import { folderCheckpoints } from '../src/training/folder-checkpoints.ts';
import { eagerEngine } from '../src/workspace/engine.ts';
import { smallWorkspace } from './small-workspace.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const latest = (epoch: number): Latest => ({
  state: { w: { shape: [2], data: Float32Array.of(epoch, 2) } },
  progress: {
    epoch,
    best: { epoch: 0, figure: Number.NEGATIVE_INFINITY },
    step: 2,
    totalStep: 12,
    seed: 7,
    sums: { weight: 1 / 3, figures: { loss: Number.NaN } },
  },
  log: [{ stage: 'a', epoch, loss: 0.1 + 0.2 }],
});
const weights = (epoch: number) => ({ w: { shape: [1], data: Float32Array.of(-epoch) } });

const inShards = { shardAboveBytes: 0, maxShardBytes: 4 };

test.each([
  { fact: 'memory', make: memoryCheckpoints, left: [] },
  {
    fact: 'files',
    make: (folder: string) => folderCheckpoints(folder, 'a', 'one'),
    left: ['a.latest.safetensors', 'a.safetensors'],
  },
  {
    fact: 'shards',
    make: (folder: string) => folderCheckpoints(folder, 'a', 'one', inShards),
    left: ['a.latest.shards', 'a.shards'],
  },
])(
  '$fact give back the latest and the best, whatever becomes of the arrays',
  async ({ make, left }) => {
    const folder = temporaryFolder();
    const checkpoints = make(folder);
    expect(await checkpoints.latest()).toBeUndefined();
    expect(await checkpoints.standing()).toBeUndefined();

    const saved = latest(1);
    await checkpoints.saveLatest(saved);
    const best = weights(1);
    await checkpoints.saveBest(best, 1);
    saved.state.w!.data[0] = best.w.data[0] = 99;
    expect(await checkpoints.latest()).toEqual(latest(1));
    await checkpoints.saveLatest(latest(2));

    expect(await checkpoints.latest()).toEqual(latest(2));
    const { state, ...standing } = latest(2);
    expect(await checkpoints.standing()).toEqual(standing);
    const w = { ...state.w!, data: Float32Array.of(7, 7) };
    const read = await checkpoints.latest({ w });
    expect(read).toEqual(latest(2));
    expect(read!.state.w!.data).toBe(w.data);
    expect(await checkpoints.best(1)).toEqual(weights(1));
    await expect(checkpoints.best(2)).rejects.toThrow(FileDamagedError);
    await expect(checkpoints.best(2)).rejects.toThrow(
      'expected the weights of epoch 2, got those of epoch 1',
    );
    expect(readdirSync(folder).sort()).toEqual(left);
  },
);

test('what becomes too large for a file is kept in shards, and found', async () => {
  const folder = temporaryFolder();
  await folderCheckpoints(folder, 'a', 'one').saveLatest(latest(1));
  await folderCheckpoints(folder, 'a', 'one', inShards).saveLatest(latest(2));

  expect(readdirSync(folder)).toEqual(['a.latest.shards']);
  expect(await folderCheckpoints(folder, 'a', 'one').latest()).toEqual(latest(2));
});

test.each([
  { fact: 'files', options: {} },
  { fact: 'shards', options: inShards },
])('of other settings $fact are refused', async ({ options }) => {
  const folder = temporaryFolder();
  const kept = folderCheckpoints(folder, 'a', 'one', options);
  await kept.saveLatest(latest(1));
  await kept.saveBest(weights(1), 1);
  const other = folderCheckpoints(folder, 'a', 'two', options);

  for (const load of [() => other.latest(), () => other.standing(), () => other.best(1)]) {
    await expect(load()).rejects.toThrow(FileDamagedError);
    await expect(load()).rejects.toThrow('it is of a training with other settings or data');
  }
});

test('the best that is gone is told, with where it was named', async () => {
  const folder = temporaryFolder();
  await folderCheckpoints(folder, 'a', 'one').saveLatest(latest(1));

  await expect(folderCheckpoints(folder, 'a', 'one').best(1)).rejects.toThrow(
    `a.safetensors: it is gone, and ${join(folder, 'a.latest.safetensors')} says that epoch 1 was the best`,
  );
});

test('where nothing can be resumed, the best alone is kept', async () => {
  const checkpoints = bestInMemory();
  await checkpoints.saveBest(weights(1), 1);
  await checkpoints.saveLatest(latest(1));

  expect(await checkpoints.latest()).toBeUndefined();
  expect(await checkpoints.best(1)).toEqual(weights(1));
});

test('a folder is of one training: settings that are functions are told apart by their source', async () => {
  const checkpoints = temporaryFolder();
  const workspace = smallWorkspace({ engine: eagerEngine() });
  const of = (loss: (figure: number) => number) =>
    checkpointsOf({ checkpoints }, workspace, {
      stage: 'a',
      settings: { loss },
      start: weights(1),
    });
  await of((figure) => 2 * figure).saveLatest(latest(1));

  expect(await of((figure) => 2 * figure).latest()).toEqual(latest(1));
  await expect(of((figure) => 3 * figure).latest()).rejects.toThrow(/other settings or data/);
});
