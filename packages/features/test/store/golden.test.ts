import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extract, finishStore, importVectors, itemList, openStore } from '@rodpo/features';
import { expect, test } from 'vitest';
import { fakeEmbedder } from '../extraction/fake-embedder.ts';
import { temporaryFolder } from './temporary-folder.ts';

const golden = fileURLToPath(new URL('../golden/store/', import.meta.url));
const description = {
  ...{ model: 'golden', revision: 'r1' },
  settings: { limits: [1, null], pooling: 'mean' },
};

/** What `store.py` wrote with the Python package safetensors. */
function goldenFolder(): string {
  const folder = temporaryFolder();
  cpSync(golden, folder, { recursive: true });
  return folder;
}

test('shards by Python are completed to a store and read', async () => {
  const folder = goldenFolder();
  const finished = await finishStore(folder, { itemCount: 4, shardSize: 3 });
  const store = await openStore(folder);

  expect(finished.complete).toBe(true);
  expect(store).toMatchObject({
    ...{ description, dimension: 4, itemCount: 4, presentCount: 3 },
    failures: [{ id: 'bad', reason: 'corrupt', message: 'broken' }],
  });
  expect(await store.read(['d', 'a', 'bad', 'größe ✓'])).toEqual({
    dimension: 4,
    vectors: Float32Array.of(
      ...[0.25, 0.5, 0.75, 1],
      ...[1.5, -2, 0.1, 3e38],
      ...[0, 0, 0, 0],
      ...[0, 1e-45, -0.5, 7],
    ),
    present: Uint8Array.of(1, 1, 0, 1),
  });
  expect(await store.verify()).toEqual([]);
});

test('shards by Python are taken for what they are when a run is taken up', async () => {
  const items = [
    { id: 'a', input: 'one' },
    { id: 'größe ✓', input: 'two' },
    { id: 'bad', input: 'three' },
    { id: 'd', input: 'four' },
  ];
  const embedder = { ...fakeEmbedder({ dimension: 4 }), description };

  expect(
    await extract(itemList(items), embedder, { folder: goldenFolder(), shardSize: 3 }),
  ).toMatchObject({ shardsKept: 2, shardsMade: 0, embeddedCount: 3, complete: true });
});

test('a shard is a safetensors file, byte for byte as the format says', async () => {
  const folder = join(temporaryFolder(), 'store');
  const vectors = Float32Array.of(1, -2);
  await importVectors(folder, { description: { revision: '2', model: 'm' }, dimension: 2 }, [
    { ids: ['a'], vectors },
  ]);
  const bytes = readFileSync(join(folder, 'shard-00000.safetensors'));
  const length = Number(bytes.readBigUInt64LE());
  const header = bytes.subarray(8, 8 + length).toString();

  // See https://github.com/huggingface/safetensors#format: 8-byte length, JSON, numbers.
  expect(length % 8).toBe(0);
  expect(JSON.parse(header)).toEqual({
    __metadata__: {
      format: 'rodpo-features',
      version: '1',
      description: '{"model":"m","revision":"2"}',
      ids: '["a"]',
      failures: '[]',
      inputs: expect.stringMatching(/^[0-9a-f]{64}$/),
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      sha256: expect.stringMatching(/^v1:[0-9a-f]{64}$/),
    },
    vectors: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
  });
  expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192]);
});
