import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  extract,
  type ImportedRows,
  importVectors,
  itemList,
  openStore,
  readNpy,
  StoreError,
  writeNpy,
} from '@rodpo/features';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fakeEmbedder } from '../extraction/fake-embedder.ts';
import { folderBytes } from './folder-bytes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const description = { model: 'elsewhere', revision: '1' };
const newFolder = () => join(temporaryFolder(), 'store');

/** One-dimensional vectors `0`, `1`, … of `i0`, `i1`, …, in blocks of these lengths. */
function blocksOf(lengths: readonly number[]): ImportedRows[] {
  let next = 0;
  return lengths.map((length) => {
    const indexes = Array.from({ length }, () => next++);
    return { ids: indexes.map((index) => `i${index}`), vectors: Float32Array.from(indexes) };
  });
}

test('vectors made elsewhere become a store', async () => {
  const folder = newFolder();
  const blocks: ImportedRows[] = [
    { ids: ['a', 'b'], vectors: Float32Array.of(1, 2, 3, NaN) },
    { ids: [], vectors: new Float32Array(0) },
    { ids: ['c', 'd'], vectors: Float32Array.of(5, 6, 7, 8), present: Uint8Array.of(0, 1) },
  ];
  const manifest = await importVectors(folder, { description, dimension: 2 }, blocks);
  const store = await openStore(folder);

  expect(manifest).toMatchObject({ itemCount: 4, presentCount: 2, shardSize: 1024 });
  expect(store.failures).toEqual([
    { id: 'b', reason: 'notFinite', message: 'The vector has NaN at position 1.' },
    { id: 'c', reason: 'missing', message: 'The row has no vector.' },
  ]);
  expect(await store.read(['d', 'c', 'a'])).toEqual({
    ...{
      dimension: 2,
      vectors: Float32Array.of(7, 8, 0, 0, 1, 2),
      present: Uint8Array.of(1, 0, 1),
    },
  });
});

test('bytes do not depend on how the vectors come in blocks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 6 }),
      async (lengths, shardSize) => {
        const total = lengths.reduce((sum, length) => sum + length, 1);
        const [one, other] = [newFolder(), newFolder()];
        const options = { description, dimension: 1, shardSize };
        await importVectors(one, options, blocksOf([total]));
        await importVectors(other, options, blocksOf([...lengths, 1]));

        expect(folderBytes(other)).toEqual(folderBytes(one));
        expect((await openStore(one)).itemCount).toBe(total);
      },
    ),
    { numRuns: 25 },
  );
});

test('a store goes to .npy and back', async () => {
  const folder = newFolder();
  await importVectors(folder, { description, dimension: 1, shardSize: 3 }, blocksOf([8]));
  const store = await openStore(folder);
  const file = join(temporaryFolder(), 'vectors.npy');
  async function* vectors() {
    for await (const block of store.rows({ blockRows: 2 })) yield block.vectors;
  }
  await writeNpy(file, [store.presentCount, store.dimension], vectors());

  expect((await readNpy(file)).data).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7));
});

test('shards may be of any size, whatever there is to put into them', async () => {
  const options = { description, dimension: 1, shardSize: 2 ** 40 };
  const [whole, many] = [newFolder(), newFolder()];
  await importVectors(whole, options, blocksOf([700, 900, 5000]));

  const store = await openStore(whole);
  expect((await store.read(['i0', 'i1024', 'i6599', 'i6600'])).vectors).toEqual(
    Float32Array.of(0, 1024, 6599, 0),
  );

  // More than a function takes as arguments.
  const [none] = blocksOf([150_000]) as [ImportedRows];
  const present = new Uint8Array(150_000);
  const { failures } = await importVectors(many, options, [{ ...none, present }]);
  expect(failures.length).toBe(150_000);
});

test('an existing empty folder serves', async () => {
  const folder = newFolder();
  mkdirSync(folder);
  await importVectors(folder, { description, dimension: 1 }, blocksOf([1]));

  expect(readdirSync(folder)).toEqual(['manifest.json', 'shard-00000.safetensors']);
});

test('an extraction does not take imported vectors for its own', async () => {
  const folder = newFolder();
  await importVectors(folder, { description, dimension: 1 }, blocksOf([2]));
  const embedder = { ...fakeEmbedder({ dimension: 1 }), description };
  const items = itemList([0, 1].map((index) => ({ id: `i${index}`, input: 'text' })));

  await expect(extract(items, embedder, { folder })).rejects.toThrow(/other items or inputs/);
});

async function* failing() {
  yield* blocksOf([5]);
  throw new Error('cable pulled');
}

const blocks = blocksOf([2]);
test.each([
  ['a source that fails', { dimension: 1 }, failing(), /cable pulled/],
  ['an id twice', { dimension: 1 }, [...blocks, ...blocks], /item "i0" occurs twice/],
  ['vectors of another dimension', { dimension: 2 }, blocks, /2 ids needs 4 values.*got 2/],
  [
    'a mask of another length',
    { dimension: 1 },
    [{ ...blocks[0]!, present: Uint8Array.of(0) }],
    /2 ids needs a mask of as many, got 1/,
  ],
  ['no vectors', { dimension: 1 }, [], /at least one item/],
  ['dimension 0', { dimension: 0 }, blocks, /dimension must be a positive integer/],
  ['shards of 0', { dimension: 1, shardSize: 0 }, blocks, /shardSize must be a positive integer/],
  ['a signal', { dimension: 1, signal: AbortSignal.abort(new Error('no')) }, blocks, /no/],
])('%s leaves nothing behind', async (_, options, rows, says) => {
  const parent = temporaryFolder();
  const run = importVectors(join(parent, 'store'), { description, ...options }, rows);

  await expect(run).rejects.toThrow(says);
  expect(readdirSync(parent)).toEqual([]);
});

test('a folder with something in it is refused and left alone', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const run = importVectors(folder, { description, dimension: 1 }, blocksOf([1]));

  await expect(run).rejects.toThrow(StoreError);
  await expect(run).rejects.toThrow(/something in it already.*new or empty folder/);
  expect(readdirSync(folder)).toEqual(['notes.txt']);
});

test('a folder that is filled meanwhile is refused and left alone', async () => {
  const parent = temporaryFolder();
  const folder = join(parent, 'store');
  async function* rows() {
    yield* blocksOf([1]);
    mkdirSync(folder);
    writeFileSync(join(folder, 'notes.txt'), 'mine');
  }

  await expect(importVectors(folder, { description, dimension: 1 }, rows())).rejects.toThrow(
    /something in it already/,
  );
  expect([readdirSync(parent), readdirSync(folder)]).toEqual([['store'], ['notes.txt']]);
});
