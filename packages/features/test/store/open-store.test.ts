import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extract, importVectors, itemList, openStore, StoreError } from '@rodpo/features';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { fakeEmbedder, someItems, vectorOf } from '../extraction/fake-embedder.ts';
import { temporaryFolder } from './temporary-folder.ts';

const counts = vi.hoisted(() => ({ reads: 0, bytes: 0, open: 0 }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const counting: typeof real.open = async (...file) => {
    const handle = await real.open(...file);
    const { read, close } = handle;
    counts.open++;
    handle.close = () => {
      counts.open--;
      return close.call(handle);
    };
    handle.read = (async (...target: Parameters<typeof read>) => {
      const result = await read.apply(handle, target);
      counts.reads++;
      counts.bytes += result.bytesRead;
      return result;
    }) as typeof read;
    return handle;
  };
  return { ...real, open: counting };
});

/** A store of `i0` to `i<count - 1>` where every fourth item failed. */
async function someStore(count = 20, shardSize = 6) {
  const folder = temporaryFolder();
  const failing = Array.from({ length: Math.ceil(count / 4) }, (_, index) => [index * 4, 'bad']);
  const items = itemList(someItems(count, Object.fromEntries(failing)));
  await extract(items, fakeEmbedder(), { folder, shardSize });
  return { folder, store: await openStore(folder) };
}

const isPresent = (index: number) => index < 20 && index % 4 !== 0;

test('has tells which items have a vector', async () => {
  const { store } = await someStore();

  expect([1, 4, 19, 20].map((index) => store.has(`i${index}`))).toEqual([true, false, true, false]);
  expect([store.has(''), store.has('__proto__')]).toEqual([false, false]);
  const present = Array.from({ length: 20 }, (_, index) => index).filter(isPresent);
  expect([...store.ids()]).toEqual(present.map((index) => `i${index}`));
});

test('read gives any items in any order', async () => {
  const { store } = await someStore();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(22), { maxLength: 40 }), async (indexes) => {
      const { dimension, vectors, present } = await store.read(indexes.map((index) => `i${index}`));
      const expected = indexes.map((index) =>
        isPresent(index) ? [...vectorOf(`input ${index}`)] : [0, 0, 0],
      );

      expect(dimension).toBe(3);
      expect([...vectors]).toEqual([...Float32Array.from(expected.flat())]);
      expect([...present]).toEqual(indexes.map((index) => Number(isPresent(index))));
    }),
  );
});

test.each([1, 2, 4, 5, 1024])('rows gives all vectors once, in blocks of %d', async (blockRows) => {
  const { store } = await someStore();
  const [ids, values, lengths]: [string[], number[], number[]] = [[], [], []];
  for await (const block of store.rows({ blockRows })) {
    ids.push(...block.ids);
    values.push(...block.vectors);
    lengths.push(block.ids.length);
  }
  const indexes = Array.from({ length: 20 }, (_, index) => index).filter(isPresent);

  expect(ids).toEqual(indexes.map((index) => `i${index}`));
  expect(values).toEqual(indexes.flatMap((index) => [...vectorOf(`input ${index}`)]));
  expect(Math.max(...lengths)).toBeLessThanOrEqual(blockRows);
});

test('neighbouring rows are read at once, and no others', async () => {
  const { store } = await someStore(100, 50);
  await store.read(['i1', 'i51']); // headers are read once
  Object.assign(counts, { reads: 0, bytes: 0 });
  // Rows 0 to 2 are i1, i2, i3; of the second shard, i58 is row 5 (i51, i53, i54, i55, i57 before).
  await store.read(['i3', 'i58', 'i1', 'i2', 'i3']);

  expect(counts).toMatchObject({ reads: 2, bytes: (3 + 1) * 3 * 4 });
});

test('rows too many for one read are read in several', async () => {
  const folder = temporaryFolder();
  const dimension = 1 << 18; // a row is a mebibyte, a read four
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const vectors = Float32Array.from({ length: ids.length * dimension }, (_, index) => index % 7919);
  await importVectors(folder, { description, dimension }, [{ ids, vectors }]);
  const store = await openStore(folder);
  await store.read(['a']);
  counts.reads = 0;
  const read = await store.read(ids);

  expect(Buffer.compare(Buffer.from(read.vectors.buffer), Buffer.from(vectors.buffer))).toBe(0);
  expect(counts.reads).toBe(2);
});

test('no file stays open, even if a stream is left in the middle', async () => {
  const { store } = await someStore();
  await store.read(['i1', 'i19']);
  for await (const _ of store.rows({ blockRows: 2 })) break;

  expect(counts.open).toBe(0);
});

test('a closed store is not read', async () => {
  const { store } = await someStore();
  await store.close();

  await expect(store.read(['i1'])).rejects.toThrow(/was closed.*Open it again/);
  await expect(store.verify()).rejects.toThrow(StoreError);
  expect(() => store.rows()).toThrow(StoreError);
});

test.each([0, 1.5, NaN])('blocks of %d rows are refused', async (blockRows) => {
  const { store } = await someStore();

  expect(() => store.rows({ blockRows })).toThrow(RangeError);
});

test('verify finds nothing in a whole store', async () => {
  const { store } = await someStore();

  expect(await store.verify()).toEqual([]);
});

test('verify names a shard with one bit flipped, wherever it is', async () => {
  const { folder, store } = await someStore();
  const file = join(folder, 'shard-00002.safetensors');
  const whole = readFileSync(file);
  for (const place of [0, 9, Math.floor(whole.length / 2), whole.length - 1]) {
    const bytes = Buffer.from(whole);
    bytes[place]! ^= 4;
    writeFileSync(file, bytes);

    expect(await store.verify()).toEqual([
      { file: 'shard-00002.safetensors', problem: 'does not fit its checksum' },
    ]);
  }
});

const description = { model: 'elsewhere', revision: '1' };

test('a store that another process completes anew is read or refused, not mixed up', async () => {
  const { folder, store } = await someStore();
  const longer = someItems(20).map((item) => ({ ...item, input: 'other' }));
  await extract(itemList(longer), fakeEmbedder(), { folder, shardSize: 6, force: true });

  await expect(store.read(['i1'])).rejects.toThrow(
    /shard-00000.*not the shard.*manifest listed.*Open the store again/,
  );
});

test('a shard with one bit of its numbers flipped is not read', async () => {
  const { folder } = await someStore();
  const file = join(folder, 'shard-00002.safetensors');
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
  const store = await openStore(folder);

  await expect(store.read(['i13'])).rejects.toThrow(StoreError);
  await expect(store.read(['i13'])).rejects.toThrow(/shard-00002.*does not fit its checksum/);
});
