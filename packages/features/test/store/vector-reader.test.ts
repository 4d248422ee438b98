import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract, itemList, openStore, StoreError } from '@rodpo/features';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fakeEmbedder, someItems, vectorOf } from '../extraction/fake-embedder.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** `i0` to `i19` in shards of 6, where every fourth item failed. */
async function someStore() {
  const folder = temporaryFolder();
  const failing = [0, 4, 8, 12, 16].map((index) => [index, 'bad']);
  const items = itemList(someItems(20, Object.fromEntries(failing)));
  await extract(items, fakeEmbedder(), { folder, shardSize: 6 });
  return { folder, store: await openStore(folder) };
}

const isPresent = (index: number) => index < 20 && index % 4 !== 0;

/** A catalogue in an order of its own; the last three are in no store. */
const listed = Array.from({ length: 23 }, (_, index) => (index * 7) % 23);
const ids = listed.map((index) => `i${index}`);

test.each([1, 2, 256])(
  'vectors come by places in the list, %d files open at most',
  async (mostOpen) => {
    const { store } = await someStore();
    const reader = await store.reader(ids, { mostOpen });

    expect([...reader.present]).toEqual(listed.map((index) => (isPresent(index) ? 1 : 0)));
    fc.assert(
      fc.property(fc.array(fc.nat(22), { maxLength: 40 }), (places) => {
        const into = new Float32Array(3 * places.length + 2).fill(9);
        reader.gather(Int32Array.from(places), into);
        const expected = places.flatMap((place) =>
          isPresent(listed[place]!) ? [...vectorOf(`input ${listed[place]}`)] : [0, 0, 0],
        );

        expect([...into]).toEqual([...expected, 9, 9]);
      }),
    );
    reader.close();
    // Again after closing.
    const into = new Float32Array(3);
    reader.gather(Int32Array.of(listed.indexOf(1)), into);
    expect(into).toEqual(vectorOf('input 1'));
    reader.close();
  },
);

test('an item that is not of the list, and too little room, are told before anything is copied', async () => {
  const { store } = await someStore();
  const reader = await store.reader(ids);
  const into = new Float32Array(6).fill(9);

  expect(() => reader.gather(Int32Array.of(1, 23), into)).toThrow(/from 0 to 22, got 23/);
  expect(() => reader.gather(Int32Array.of(1, -1), into)).toThrow(/got -1/);
  expect(() => reader.gather(Int32Array.of(1, 2, 3), into)).toThrow(
    /room for 3 vectors of 3, got 6/,
  );
  expect([...into]).toEqual(Array(6).fill(9));
});

test('a damaged shard is told when the reader is made, one cut short when it is read', async () => {
  const { folder, store } = await someStore();
  const file = join(folder, 'shard-00001.safetensors');
  const bytes = readFileSync(file);
  const damaged = Buffer.from(bytes);
  damaged[damaged.length - 1]! ^= 1;
  writeFileSync(file, damaged);
  await expect(store.reader(ids)).rejects.toThrow(StoreError);

  writeFileSync(file, bytes);
  const reader = await (await openStore(folder)).reader(ids);
  truncateSync(file, bytes.length - 12);
  const last = Int32Array.of(listed.indexOf(11));
  expect(() => reader.gather(last, new Float32Array(3))).toThrow(
    /shard-00001.* has become shorter/,
  );
  reader.close();
  rmSync(file);
  expect(() => reader.gather(last, new Float32Array(3))).toThrow(/ENOENT/);
});

test('readers of the same vectors in the same order have the same identity, and no others', async () => {
  const { store } = await someStore();
  const identityOf = async (of: typeof store, list: readonly string[]) =>
    (await of.reader(list)).identity;
  const identity = await identityOf(store, ids);

  expect(await identityOf((await someStore()).store, ids)).toBe(identity);
  expect(await identityOf(store, ids.toReversed())).not.toBe(identity);
  const folder = temporaryFolder();
  await extract(itemList(someItems(20)), fakeEmbedder(), { folder, shardSize: 6 });
  expect(await identityOf(await openStore(folder), ids)).not.toBe(identity);
});
