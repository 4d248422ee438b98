import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  FileDamagedError,
  partialName,
  readSafetensors,
  SafetensorsError,
  writeSafetensors,
} from '@rodpo/files';
import {
  averagesOf,
  type Checkpoint,
  type Checkpoints,
  folderCheckpoints,
  memoryCheckpoints,
} from '@rodpo/trainer';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const checkpoint = (epoch: number, value = epoch): Checkpoint => ({
  progress: {
    epoch,
    best: { epoch: 0, figure: Number.NEGATIVE_INFINITY },
    step: 2,
    totalStep: 12,
    seed: -7,
    sums: { weight: 1 / 3, figures: { loss: 0.1 + 0.2, none: Number.NaN, most: Infinity } },
  },
  state: {
    w: { shape: [2], data: Float32Array.of(value, 1e-45) },
    count: { shape: [], data: Int32Array.of(2 ** 31 - 1) },
  },
});

/** A shard for each number. */
const inShards = { shardAboveBytes: 0, maxShardBytes: 4 };

const kinds: [string, () => Checkpoints][] = [
  ['memory', memoryCheckpoints],
  ['folder', () => folderCheckpoints(join(temporaryFolder(), 'made', 'by', 'save'))],
  ['shards', () => folderCheckpoints(join(temporaryFolder(), 'made', 'by', 'save'), inShards)],
];
describe.each(kinds)('%s', (_, make) => {
  test('gives back the newest and the best, to the bit; nothing before', async () => {
    const checkpoints = make();
    expect(await checkpoints.load()).toBeUndefined();
    expect(await checkpoints.loadBest()).toBeUndefined();

    await checkpoints.save(checkpoint(1));
    await checkpoints.saveBest(checkpoint(1));
    await checkpoints.save(checkpoint(2));

    expect(await checkpoints.load()).toEqual(checkpoint(2));
    expect(await checkpoints.loadBest()).toEqual(checkpoint(1));
  });

  test('keeps what was saved, whatever becomes of the arrays', async () => {
    const checkpoints = make();
    const { progress, state } = checkpoint(1);
    await checkpoints.save({ progress, state });
    state.w!.data[0] = 99;

    expect(await checkpoints.load()).toEqual(checkpoint(1));
    (await checkpoints.load())!.state.w!.data[0] = 99;
    expect(await checkpoints.load()).toEqual(checkpoint(1));
  });
});

test('a folder is found again, and may keep less of the best', async () => {
  const folder = temporaryFolder();
  const average = { shape: [1], data: Float32Array.of(3) };
  const { progress, state } = checkpoint(4);
  const options = { keepOfBest: averagesOf };
  await folderCheckpoints(folder, options).saveBest({
    progress,
    state: { ...state, 'average.weights.w': average },
  });
  await folderCheckpoints(folder).save({ progress, state });

  expect(await folderCheckpoints(folder).loadBest()).toEqual({ progress, state: { w: average } });
  expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'latest.safetensors']);
});

test('is read by others as safetensors with the progress as text', async () => {
  const folder = temporaryFolder();
  await folderCheckpoints(folder).save(checkpoint(4));
  const { tensors, metadata } = await readSafetensors(join(folder, 'latest.safetensors'));

  expect(tensors).toEqual(checkpoint(4).state);
  expect(JSON.parse(metadata.progress!)).toMatchObject({
    epoch: 4,
    best: { epoch: 0, figure: '-Infinity' },
  });
});

test('what killed writers left goes with the first save', async () => {
  const folder = temporaryFolder();
  writeFileSync(partialName(join(folder, 'latest.safetensors')), 'half');
  await folderCheckpoints(folder).save(checkpoint(1));

  expect(readdirSync(folder)).toEqual(['latest.safetensors']);
});

test('of other settings they are refused', async () => {
  const folder = temporaryFolder();
  const kept = folderCheckpoints(folder, { settings: '{"rate":1}' });
  await kept.save(checkpoint(1));
  await kept.saveBest(checkpoint(1));

  expect(await kept.load()).toEqual(checkpoint(1));
  for (const load of ['load', 'loadBest'] as const) {
    const loading = folderCheckpoints(folder, { settings: '{"rate":2}' })[load]();
    await expect(loading).rejects.toThrow(FileDamagedError);
    await expect(loading).rejects.toThrow(
      'expected a training with the settings "{\\"rate\\":2}", got "{\\"rate\\":1}". ' +
        'Give the settings that it was begun with, or train anew in another folder.',
    );
  }
  await expect(folderCheckpoints(folder).load()).rejects.toThrow('the settings "", got');
});

test.each([
  ['no progress', {}],
  ['no JSON', { progress: 'x' }],
  ['no object', { progress: 'null' }],
  ['no step', { progress: JSON.stringify({ ...checkpoint(1).progress, step: undefined }) }],
  ['no sums', { progress: JSON.stringify({ ...checkpoint(1).progress, sums: { weight: 1 } }) }],
])('a file with %s is no checkpoint', async (_, metadata) => {
  const folder = temporaryFolder();
  await writeSafetensors(join(folder, 'latest.safetensors'), checkpoint(1).state, metadata);
  const loading = folderCheckpoints(folder).load();

  await expect(loading).rejects.toThrow(SafetensorsError);
  await expect(loading).rejects.toThrow('it is no checkpoint of a training');
});

test('larger ones are shards, also where there was a file, and are found as they are', async () => {
  const folder = temporaryFolder();
  await folderCheckpoints(folder).save(checkpoint(1));
  await folderCheckpoints(folder, inShards).save(checkpoint(2));
  await folderCheckpoints(folder, { ...inShards, shardAboveBytes: 12 }).saveBest(checkpoint(3));

  expect(readdirSync(folder).sort()).toEqual(['best.safetensors', 'latest.shards']);
  expect(readdirSync(join(folder, 'latest.shards'))).toHaveLength(3 + 1);
  expect(await folderCheckpoints(folder).load()).toEqual(checkpoint(2));
  expect(await folderCheckpoints(folder).loadBest()).toEqual(checkpoint(3));
  await folderCheckpoints(folder).save(checkpoint(4));
  expect(await folderCheckpoints(folder).load()).toEqual(checkpoint(4));
});

const shard = (folder: string, number: number) =>
  join(folder, 'latest.shards', `1-0000${number}.safetensors`);
test.each([
  {
    fact: 'missing',
    change: (folder: string) => rmSync(shard(folder, 1)),
    problem: /it is missing, and .* names it/,
  },
  {
    fact: 'of another training',
    change: (folder: string, other: string) => copyFileSync(shard(other, 0), shard(folder, 0)),
    problem: 'it is another file than',
  },
  {
    fact: 'damaged',
    change: (folder: string) => {
      const bytes = readFileSync(shard(folder, 1));
      bytes[bytes.length - 1]! ^= 1;
      writeFileSync(shard(folder, 1), bytes);
    },
    problem: 'its checksum does not fit',
  },
])('a shard that is $fact is told', async ({ change, problem }) => {
  const [folder, other] = [temporaryFolder(), temporaryFolder()];
  await folderCheckpoints(folder, inShards).save(checkpoint(1));
  await folderCheckpoints(other, inShards).save(checkpoint(2));
  change(folder, other);
  const loading = folderCheckpoints(folder).load();

  await expect(loading).rejects.toThrow(FileDamagedError);
  await expect(loading).rejects.toThrow(problem);
});

test('what killed writers left of other files stays', async () => {
  const folder = temporaryFolder();
  const other = partialName(join(folder, 'other.safetensors'));
  writeFileSync(other, 'half');
  await folderCheckpoints(folder).save(checkpoint(1));

  expect(existsSync(other)).toBe(true);
});
