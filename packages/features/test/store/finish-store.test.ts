import { cpSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { extract, extractShard, finishStore, itemList, StoreError } from '@rodpo/features';
import { expect, test } from 'vitest';
import { fakeEmbedder, someItems } from '../extraction/fake-embedder.ts';
import { temporaryFolder } from './temporary-folder.ts';

const shardSize = 2;

async function someShards(indexes: number[], { itemCount = 6, revision = '1' } = {}) {
  const folder = temporaryFolder();
  for (const index of indexes) {
    const embedder = fakeEmbedder({ revision });
    await extractShard(itemList(someItems(itemCount)), embedder, index, { folder, shardSize });
  }
  return folder;
}

const addShard = (from: string, to: string, index: number) =>
  cpSync(join(from, `shard-0000${index}.safetensors`), join(to, `shard-0000${index}.safetensors`));

test('tells what is missing, and writes nothing', async () => {
  const folder = await someShards([1]);

  expect(await finishStore(folder, { itemCount: 6, shardSize })).toEqual({
    complete: false,
    missingShards: [0, 2],
  });
  expect(readdirSync(folder)).toEqual(['shard-00001.safetensors']);
});

test('a folder that is not there lacks every shard', async () => {
  const folder = join(temporaryFolder(), 'absent');

  expect(await finishStore(folder, { itemCount: 2000 })).toEqual({
    complete: false,
    missingShards: [0, 1],
  });
});

test('shards of different embedders are not mixed', async () => {
  const folder = await someShards([0, 1]);
  addShard(await someShards([2], { revision: '2' }), folder, 2);

  await expect(finishStore(folder, { itemCount: 6, shardSize })).rejects.toThrow(
    /shard-00002.* and shard-00000.* are of different embedders/,
  );
});

test('shards of catalogues of different lengths are not mixed', async () => {
  const folder = await someShards([0, 1]);
  addShard(await someShards([2], { itemCount: 5 }), folder, 2);

  await expect(finishStore(folder, { itemCount: 6, shardSize })).rejects.toThrow(
    /shard-00002.* holds 1 items where this catalogue has 2/,
  );
});

test('a shard under another’s name is noticed', async () => {
  const folder = await someShards([0, 1, 2]);
  cpSync(join(folder, 'shard-00000.safetensors'), join(folder, 'shard-00002.safetensors'));

  await expect(finishStore(folder, { itemCount: 6, shardSize })).rejects.toThrow(StoreError);
  await expect(finishStore(folder, { itemCount: 6, shardSize })).rejects.toThrow(
    /item "i0" of shard-00002.* occurs twice/,
  );
});

test('a file that only looks like a shard is passed over', async () => {
  const folder = await someShards([0, 1, 2]);
  addShard(folder, temporaryFolder(), 0);
  cpSync(join(folder, 'shard-00000.safetensors'), join(folder, 'shard-00003.safetensors.bak'));
  cpSync(join(folder, 'shard-00000.safetensors'), join(folder, 'shard-3.safetensors'));

  expect(await finishStore(folder, { itemCount: 6, shardSize })).toMatchObject({ complete: true });
});

test('a store keeps its bytes when its folder is moved', async () => {
  const folder = await someShards([0, 1, 2]);
  await finishStore(folder, { itemCount: 6, shardSize });
  const moved = join(temporaryFolder(), 'moved');
  renameSync(folder, moved);
  const options = { folder: moved, shardSize };

  expect(await extract(itemList(someItems(6)), fakeEmbedder(), options)).toMatchObject({
    ...{ shardsKept: 3, complete: true },
  });
});

test('no items make no store', async () => {
  await expect(finishStore(temporaryFolder(), { itemCount: 0 })).rejects.toThrow(/at least one/);
});

test.each([0, -1, 1.5])('shards of %d items are refused', async (size) => {
  await expect(finishStore(temporaryFolder(), { itemCount: 1, shardSize: size })).rejects.toThrow(
    RangeError,
  );
});
