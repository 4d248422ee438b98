import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract, extractShard, finishStore, itemList, shardCount } from '@rodpo/features';
import { unsealed } from '@rodpo/files';
import { expect, test } from 'vitest';
import { folderBytes } from '../store/folder-bytes.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { fakeEmbedder, someItems } from './fake-embedder.ts';

const items = someItems(7, { 4: 'bad' });
const options = { shardSize: 3, batchSize: 2 };

test('shards made one by one, in any order, are the store of one run', async () => {
  const [whole, folder] = [temporaryFolder(), temporaryFolder()];
  await extract(itemList(items), fakeEmbedder(), { folder: whole, ...options });
  const reports = [];
  for (const index of [2, 0, 1]) {
    expect(await finishStore(folder, { itemCount: 7, shardSize: 3 })).toMatchObject({
      complete: false,
    });
    reports.push(
      await extractShard(itemList(items), fakeEmbedder(), index, { folder, ...options }),
    );
  }

  expect(reports).toEqual([
    { index: 2, itemCount: 1, embeddedCount: 1, failures: {}, kept: false },
    { index: 0, itemCount: 3, embeddedCount: 3, failures: {}, kept: false },
    { index: 1, itemCount: 3, embeddedCount: 2, failures: { corrupt: 1 }, kept: false },
  ]);
  const finished = await finishStore(folder, { itemCount: 7, shardSize: 3 });
  const manifest = unsealed(JSON.parse(readFileSync(join(whole, 'manifest.json'), 'utf8')));
  expect(finished).toEqual({ complete: true, manifest });
  expect(folderBytes(folder)).toEqual(folderBytes(whole));
});

test('a shard that is there is not made again', async () => {
  const folder = temporaryFolder();
  await extractShard(itemList(items), fakeEmbedder(), 1, { folder, ...options });
  const embedder = fakeEmbedder({ onPrepare: () => expect.fail('prepared again') });

  expect(await extractShard(itemList(items), embedder, 1, { folder, ...options })).toEqual({
    ...{ index: 1, itemCount: 3, embeddedCount: 2, failures: { corrupt: 1 }, kept: true },
  });
});

test('workers at the same shard at the same time do no harm', async () => {
  const [whole, folder] = [temporaryFolder(), temporaryFolder()];
  await extract(itemList(items), fakeEmbedder(), { folder: whole, ...options });
  const work = async () => {
    for (const index of [0, 1, 2]) {
      await extractShard(itemList(items), fakeEmbedder(), index, { folder, ...options });
      await finishStore(folder, { itemCount: 7, shardSize: 3 });
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));

  expect(folderBytes(folder)).toEqual(folderBytes(whole));
});

test('making a shard anew takes away the mark that the store is complete', async () => {
  const folder = temporaryFolder();
  await extract(itemList(items), fakeEmbedder(), { folder, ...options });
  rmSync(join(folder, 'shard-00001.safetensors'));
  await extractShard(itemList(items), fakeEmbedder(), 1, { folder, ...options });

  expect(readdirSync(folder)).not.toContain('manifest.json');
});

test('a partial file that was swept away is no loss if the shard is there', async () => {
  const folder = temporaryFolder();
  const other = fakeEmbedder();
  // While this worker embeds, another makes the same shard and completes the store.
  const onEmbed = () => extract(itemList(items.slice(0, 3)), other, { folder, ...options });
  const source = itemList(items.slice(0, 3));
  const slow = fakeEmbedder({ onEmbed: async () => void (await onEmbed()) });
  await extractShard(source, slow, 0, { folder, ...options });

  expect(readdirSync(folder).sort()).toEqual(['manifest.json', 'shard-00000.safetensors']);
});

test.each([
  { index: 3, says: 'Shards of this catalogue go from 0 to 2, got 3' },
  { index: -1, says: 'got -1' },
  { index: 0.5, says: 'got 0.5' },
])('there is no shard $index', async ({ index, says }) => {
  const run = extractShard(itemList(items), fakeEmbedder(), index, {
    ...{ folder: temporaryFolder(), ...options },
  });

  await expect(run).rejects.toThrow(says);
  await expect(run).rejects.toThrow(RangeError);
});

test.each([
  [0, 5, 0],
  [1, 5, 1],
  [5, 5, 1],
  [6, 5, 2],
  [2048, undefined, 2],
])('%d items in shards of %s are %d shards', (itemCount, shardSize, count) => {
  expect(shardCount(itemCount, shardSize)).toBe(count);
});

test.each([[-1], [1.5], [NaN]])('%d items are refused', (itemCount) => {
  expect(() => shardCount(itemCount)).toThrow(RangeError);
});

test('a finished store is left as it is, even if it was damaged since', async () => {
  const folder = temporaryFolder();
  await extract(itemList(items), fakeEmbedder(), { folder, ...options });
  const file = join(folder, 'shard-00002.safetensors');
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
  const before = folderBytes(folder);
  await finishStore(folder, { itemCount: 7, shardSize: 3 });

  expect(folderBytes(folder)).toEqual(before); // so that verify still tells
});
