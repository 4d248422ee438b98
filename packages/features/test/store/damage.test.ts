import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract, finishStore, itemList, openStore, StoreError } from '@rodpo/features';
import { sealed } from '@rodpo/files';
import { describe, expect, test } from 'vitest';
import { fakeEmbedder, someItems } from '../extraction/fake-embedder.ts';
import { folderBytes } from './folder-bytes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const items = itemList(someItems(6));
const file = 'shard-00001.safetensors';

async function wholeStore(): Promise<string> {
  const folder = temporaryFolder();
  await extract(items, fakeEmbedder(), { folder, shardSize: 3 });
  return folder;
}

const sealedJson = (value: object) => JSON.stringify(sealed(value));

type Header = Record<string, Record<string, unknown>>;

function withHeader(bytes: Buffer, edit: (text: string) => string): Buffer {
  const length = Number(bytes.readBigUInt64LE());
  const header = Buffer.from(edit(bytes.subarray(8, 8 + length).toString()));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([size, header, bytes.subarray(8 + length)]);
}

const withJson = (bytes: Buffer, edit: (header: Header) => unknown) =>
  withHeader(bytes, (text) => {
    const header: Header = JSON.parse(text);
    return JSON.stringify(edit(header) ?? header);
  });

const withMetadata = (bytes: Buffer, change: Record<string, unknown>) =>
  withJson(bytes, (header) => void Object.assign(header.__metadata__!, change));

const withTensor = (bytes: Buffer, change: Record<string, unknown>) =>
  withJson(bytes, (header) => void Object.assign(header.vectors!, change));

describe.each([
  ['is empty', () => Buffer.alloc(0), /shorter than 8 bytes/],
  ['ends in its header', (whole: Buffer) => whole.subarray(0, 100), /the header is cut off/],
  ['ends in its numbers', (whole: Buffer) => whole.subarray(0, -1), /the tensors are cut off/],
  ['goes on', (whole: Buffer) => Buffer.concat([whole, whole]), /bytes follow the last tensor/],
  ['is all ones', (whole: Buffer) => Buffer.alloc(whole.length, 255), /the header is cut off/],
  ['is text', () => Buffer.from('<html>not here</html>'), /the header is cut off/],
  ['has no JSON', (whole: Buffer) => withHeader(whole, (text) => text.slice(1)), /not JSON/],
  ['has a list', (whole: Buffer) => withJson(whole, () => []), /not a JSON object/],
  ['has other numbers', (whole: Buffer) => withTensor(whole, { dtype: 'U64' }), /type "U64"/],
  ['is a vector', (whole: Buffer) => withTensor(whole, { shape: [9] }), /not a matrix/],
  ['has a negative size', (whole: Buffer) => withTensor(whole, { shape: [-3, -3] }), /valid shape/],
  [
    'has numbers that start late',
    (whole: Buffer) => withTensor(whole, { data_offsets: [4, 36] }),
    /offsets that do not fit/,
  ],
  [
    'has offsets elsewhere',
    (whole: Buffer) => withTensor(whole, { data_offsets: [4, 40] }),
    /leaves a gap/,
  ],
  ['is of another shape', (whole: Buffer) => withTensor(whole, { shape: [3, 4] }), /not fit/],
  [
    'has two tensors',
    (whole: Buffer) => withJson(whole, (header) => ({ ...header, b: header.vectors })),
    /overlaps another/,
  ],
  [
    'has none',
    (whole: Buffer) => withJson(whole, ({ __metadata__ }) => ({ __metadata__ })),
    /bytes follow the last tensor/,
  ],
  ['is by others', (whole: Buffer) => withJson(whole, ({ vectors }) => ({ vectors })), /not a sh/],
  ['has numbers for text', (whole: Buffer) => withMetadata(whole, { ids: 1 }), /not strings/],
  ['is newer', (whole: Buffer) => withMetadata(whole, { version: '2' }), /has version "2"/],
  ['has bad ids', (whole: Buffer) => withMetadata(whole, { ids: '["i3' }), /damaged metadata/],
  ['has no ids', (whole: Buffer) => withMetadata(whole, { ids: undefined }), /damaged metadata/],
  ['has bad failures', (whole: Buffer) => withMetadata(whole, { failures: '[1]' }), /damaged met/],
  ['has an id too few', (whole: Buffer) => withMetadata(whole, { ids: '["i3"]' }), /3 rows for 1/],
] as const)('a shard that %s', (_, damage, says) => {
  async function damagedStore() {
    const folder = await wholeStore();
    const whole = readFileSync(join(folder, file));
    writeFileSync(join(folder, file), damage(whole));
    return folder;
  }

  test('is refused when it is read, and found by verify', async () => {
    const folder = await damagedStore();
    const store = await openStore(folder);

    await expect(store.read(['i4'])).rejects.toThrow(StoreError);
    await expect(store.read(['i4'])).rejects.toThrow(says);
    await expect(store.read(['i4'])).rejects.toThrow(/shard-00001.*Delete that file/);
    expect((await store.read(['i1'])).present).toEqual(Uint8Array.of(1));
    expect(await store.verify()).toEqual([{ file, problem: 'does not fit its checksum' }]);
  });

  test('is refused when a run is taken up, and made anew with force', async () => {
    const folder = await damagedStore();
    const again = (force: boolean) =>
      extract(items, fakeEmbedder(), { folder, shardSize: 3, force });

    await expect(again(false)).rejects.toThrow(says);
    await expect(again(false)).rejects.toThrow(StoreError);
    expect(await again(true)).toMatchObject({ shardsMade: 1, shardsKept: 1, complete: true });
    expect(folderBytes(folder)).toEqual(folderBytes(await wholeStore()));
  });
});

test('a shard with changed numbers is not taken into a store', async () => {
  const folder = await wholeStore();
  rmSync(join(folder, 'manifest.json'));
  const bytes = readFileSync(join(folder, file));
  bytes[bytes.length - 2]! ^= 1;
  writeFileSync(join(folder, file), bytes);

  await expect(finishStore(folder, { itemCount: 6, shardSize: 3 })).rejects.toThrow(
    /shard-00001.* does not fit its own checksum/,
  );
});

test('a shard whose ids were changed is not taken into a store', async () => {
  const folder = await wholeStore();
  rmSync(join(folder, 'manifest.json'));
  const bytes = readFileSync(join(folder, file));
  writeFileSync(join(folder, file), withMetadata(bytes, { ids: '["i3","i4","x"]' }));

  await expect(finishStore(folder, { itemCount: 6, shardSize: 3 })).rejects.toThrow(
    /shard-00001.* does not fit its own checksum/,
  );
});

test('a missing shard is named', async () => {
  const folder = await wholeStore();
  rmSync(join(folder, file));
  const store = await openStore(folder);

  await expect(store.read(['i4'])).rejects.toThrow(/shard-00001.safetensors is missing/);
  expect(await store.verify()).toEqual([{ file, problem: 'is missing' }]);
  expect(await finishStore(folder, { itemCount: 6, shardSize: 3 })).toEqual({
    complete: false,
    missingShards: [1],
  });
});

test.each([
  ['no folder', undefined, /no complete store here.*Run the extraction again/],
  ['no JSON', '{"format":', /manifest.json is damaged, or not one of a store.*Give the folder/],
  ['no seal', '{"format":"other","version":2}', /manifest.json is damaged, or not one of a store/],
  ['a list', '[]', /damaged, or not one of a store/],
  [
    'a broken seal',
    '{"format":"rodpo-features","version":2}',
    /damaged: its checksum does not fit/,
  ],
  ['another format', sealedJson({ format: 'other' }), /manifest.json is not one of a store/],
  [
    'another version',
    sealedJson({ format: 'rodpo-features', version: 3 }),
    /version "3".*and this reads 2/,
  ],
  [
    'nothing more',
    sealedJson({ format: 'rodpo-features', version: 2 }),
    /manifest.json is damaged\. Delete/,
  ],
])('a folder with %s is refused', async (_, manifest, says) => {
  const folder = temporaryFolder();
  if (manifest !== undefined) writeFileSync(join(folder, 'manifest.json'), manifest);
  const path = manifest === undefined ? join(folder, 'absent') : folder;

  await expect(openStore(path)).rejects.toThrow(StoreError);
  await expect(openStore(path)).rejects.toThrow(says);
  await expect(openStore(path)).rejects.toHaveProperty('folder', path);
});

test.each([
  { description: 'x' },
  { dimension: '3' },
  { itemCount: 7 },
  { presentCount: 5 },
  { shards: {} },
  { shards: [{ file: '../secret', bytes: 1, sha256: 'x', ids: ['a', 'b', 'c', 'd', 'e', 'f'] }] },
  { failures: ['x'] },
  { failures: [{ id: 'x', reason: 'corrupt' }] },
])('a manifest with %j is refused', async (change) => {
  const folder = await wholeStore();
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, sealedJson({ ...manifest, ...change }));

  await expect(openStore(folder)).rejects.toThrow(
    /manifest.json is damaged\. Delete manifest.json/,
  );
});

test('any changed digit or letter of a manifest is noticed', async () => {
  const folder = await wholeStore();
  const path = join(folder, 'manifest.json');
  const whole = readFileSync(path);
  const alike = whole.map((byte) => (/[0-9a-z]/i.test(String.fromCharCode(byte)) ? 1 : 0));
  for (const [place, isText] of alike.entries()) {
    if (isText === 0) continue;
    const changed = Buffer.from(whole);
    changed[place]! ^= 1; // most become another digit or letter, and the file stays JSON
    writeFileSync(path, changed);

    await expect(openStore(folder), `byte ${place}`).rejects.toThrow(StoreError);
  }
});

test('a manifest of version 1, which has no checksum, is refused, and made anew from the shards', async () => {
  const folder = await wholeStore();
  const path = join(folder, 'manifest.json');
  const before = folderBytes(folder);
  const { sha256: _, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...manifest, version: 1 }));
  const again = () => extract(items, fakeEmbedder(), { folder, shardSize: 3 });
  const says = /version 1 and has no checksum.*Delete manifest.json and extract again/;

  await expect(openStore(folder)).rejects.toThrow(says);
  await expect(again()).rejects.toThrow(says);
  rmSync(path);
  expect(await again()).toMatchObject({ shardsMade: 0, shardsKept: 2, complete: true });
  expect(folderBytes(folder)).toEqual(before);
});

test('the advice to delete a damaged manifest helps', async () => {
  const folder = await wholeStore();
  const before = folderBytes(folder);
  rmSync(join(folder, 'manifest.json'));
  await extract(items, fakeEmbedder(), { folder, shardSize: 3 });

  expect(folderBytes(folder)).toEqual(before);
});
