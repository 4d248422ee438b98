import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ExtractionError,
  type ExtractOptions,
  extract,
  type Item,
  itemList,
  openStore,
  StoreError,
} from '@rodpo/features';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { folderBytes } from '../store/folder-bytes.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';
import { fakeEmbedder, someItems, vectorOf } from './fake-embedder.ts';

/** Extracts into a new folder. */
async function extracted(items: readonly Item<string>[], options: Partial<ExtractOptions> = {}) {
  const folder = temporaryFolder();
  const report = await extract(itemList(items), fakeEmbedder(), { folder, ...options });
  return { folder, report };
}

/** The shards that are there. */
const shardsIn = (folder: string) => readdirSync(folder).filter((file) => file.startsWith('shard'));

test('a store has every item: its vector, or why it has none', async () => {
  const items = someItems(7, { 1: 'bad image', 3: undefined, 4: 'nan' });
  const { folder, report } = await extracted(items, { shardSize: 3, batchSize: 2 });

  expect(report).toEqual({
    itemCount: 7,
    embeddedCount: 4,
    failures: { corrupt: 1, missing: 1, notFinite: 1 },
    shardsMade: 3,
    shardsKept: 0,
    complete: true,
  });
  const store = await openStore(folder);
  expect(store).toMatchObject({
    description: fakeEmbedder().description,
    dimension: 3,
    itemCount: 7,
    presentCount: 4,
    failures: [
      { id: 'i1', reason: 'corrupt', message: 'bad image is broken' },
      { id: 'i3', reason: 'missing', message: 'The item has no input.' },
      { id: 'i4', reason: 'notFinite', message: 'The vector has NaN at position 0.' },
    ],
  });
  expect(await store.read(['i6', 'i1', 'i0'])).toEqual({
    dimension: 3,
    vectors: Float32Array.of(...vectorOf('input 6'), 0, 0, 0, ...vectorOf('input 0')),
    present: Uint8Array.of(1, 0, 1),
  });
});

test('bytes do not depend on batches, concurrency, or who makes which shard', async () => {
  const anyInput = fc.constantFrom('good', 'bad', 'nan', undefined);
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyInput, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      async (inputs, shardSize, batchSize, concurrency, count) => {
        const items = inputs.map((input, index) => ({ id: `${index}`, input }));
        const { folder } = await extracted(items, { shardSize });
        const other = temporaryFolder();
        for (let index = count; index >= 1; index--) {
          const options = { shardSize, batchSize, concurrency, shard: { index, count } };
          await extract(itemList(items), fakeEmbedder(), { folder: other, ...options });
        }

        expect(folderBytes(other)).toEqual(folderBytes(folder));
      },
    ),
    { numRuns: 40 },
  );
});

test('a batch holds the items of one stretch of one shard, less those that cannot be used', async () => {
  const batches: (readonly string[])[] = [];
  const embedder = fakeEmbedder({ onEmbed: (batch) => void batches.push(batch) });
  const items = itemList(someItems(7, { 1: 'bad' }));
  await extract(items, embedder, { folder: temporaryFolder(), shardSize: 5, batchSize: 3 });

  const input = (index: number) => `input ${index}`;
  expect(batches).toEqual(
    [
      [0, 2],
      [3, 4],
      [5, 6],
    ].map((batch) => batch.map(input)),
  );
});

test('only its share of the shards is made, and the last to finish completes the store', async () => {
  const folder = temporaryFolder();
  const run = (index: number) =>
    extract(itemList(someItems(10)), fakeEmbedder(), {
      ...{ folder, shardSize: 2, shard: { index, count: 2 } },
    });

  expect(await run(2)).toMatchObject({ itemCount: 4, shardsMade: 2, complete: false });
  expect(readdirSync(folder)).toEqual(['shard-00001.safetensors', 'shard-00003.safetensors']);
  await expect(openStore(folder)).rejects.toThrow(/no complete store here.*Run the extraction/);
  expect(await run(1)).toMatchObject({ itemCount: 6, shardsMade: 3, complete: true });
});

describe('taking up a run', () => {
  test('finished shards are kept without any work', async () => {
    const items = someItems(9, { 4: 'bad' });
    const { folder } = await extracted(items, { shardSize: 3 });
    const before = folderBytes(folder);
    const embedder = fakeEmbedder({ onPrepare: () => expect.fail('prepared again') });
    const report = await extract(itemList(items), embedder, { folder, shardSize: 3 });

    expect(report).toEqual({
      ...{ itemCount: 9, embeddedCount: 8, failures: { corrupt: 1 } },
      ...{ shardsMade: 0, shardsKept: 3, complete: true },
    });
    expect(folderBytes(folder)).toEqual(before);
  });

  test('what a killed run left half written is swept away', async () => {
    const { folder } = await extracted(someItems(4));
    const before = folderBytes(folder);
    const left = '0b1e2c3d-0000-4000-8000-0123456789ab.partial';
    for (const file of ['shard-00000.safetensors', 'manifest.json']) {
      writeFileSync(join(folder, `${file}.${left}`), 'half');
    }
    writeFileSync(join(folder, 'notes.partial'), 'not ours');
    await extract(itemList(someItems(4)), fakeEmbedder(), { folder });

    expect(readdirSync(folder).sort()).toEqual([...Object.keys(before), 'notes.partial'].sort());
  });

  test('shards of another size are told as such', async () => {
    const { folder } = await extracted(someItems(6), { shardSize: 3 });
    const run = extract(itemList(someItems(6)), fakeEmbedder(), { folder, shardSize: 2 });

    await expect(run).rejects.toThrow(
      'shard-00000.safetensors holds 3 items instead of 2: another catalogue has it, or another shardSize. ' +
        'Use another folder, or force to replace it.',
    );
  });

  test('a catalogue that grew keeps its full shards', async () => {
    const { folder } = await extracted(someItems(6), { shardSize: 3 });
    const grown = itemList(someItems(8));

    expect(await extract(grown, fakeEmbedder(), { folder, shardSize: 3 })).toMatchObject({
      ...{ shardsMade: 1, shardsKept: 2, complete: true },
    });
    expect((await openStore(folder)).itemCount).toBe(8);
  });

  test.each([
    {
      change: 'another embedder',
      items: someItems(6),
      embedder: fakeEmbedder({ revision: '2' }),
      says: /shard-00000.*another embedder.*revision\\":\\"1.*instead of.*revision\\":\\"2/,
    },
    {
      change: 'another dimension',
      items: someItems(6),
      embedder: fakeEmbedder({ dimension: 4 }),
      says: /dimension 3 instead of 4/,
    },
    {
      change: 'another input',
      items: someItems(6, { 5: 'new' }),
      embedder: fakeEmbedder(),
      says: /shard-00001.*other items or inputs/,
    },
    {
      change: 'another id',
      items: someItems(6).map((item) => (item.id === 'i2' ? { ...item, id: 'j' } : item)),
      embedder: fakeEmbedder(),
      says: /shard-00000.*other items or inputs/,
    },
    {
      change: 'an input less',
      items: someItems(6, { 5: undefined }),
      embedder: fakeEmbedder(),
      says: /shard-00001.*other items or inputs/,
    },
  ])('$change is refused, and replaces with force', async ({ items, embedder, says }) => {
    const { folder } = await extracted(someItems(6), { shardSize: 3 });
    const before = folderBytes(folder);
    const again = (options = {}) =>
      extract(itemList(items), embedder, { folder, shardSize: 3, ...options });

    await expect(again()).rejects.toThrow(StoreError);
    await expect(again()).rejects.toThrow(says);
    await expect(again()).rejects.toThrow(/another folder, or force/);
    expect(folderBytes(folder)).toEqual(before);
    expect(await again({ force: true })).toMatchObject({ complete: true });
    const fresh = temporaryFolder();
    await extract(itemList(items), embedder, { folder: fresh, shardSize: 3 });
    expect(folderBytes(folder)).toEqual(folderBytes(fresh));
  });

  test('shards beyond a catalogue that shrank are refused, and removed with force', async () => {
    const { folder } = await extracted(someItems(6), { shardSize: 3 });
    const again = (options = {}) =>
      extract(itemList(someItems(3)), fakeEmbedder(), { folder, shardSize: 3, ...options });

    await expect(again()).rejects.toThrow(/shard-00001.*beyond the 1 shards/);
    expect(await again({ force: true })).toMatchObject({ complete: true });
    expect(shardsIn(folder)).toEqual(['shard-00000.safetensors']);
  });

  test('a share of a changed catalogue does not complete the store with old shards', async () => {
    const { folder } = await extracted(someItems(6), { shardSize: 3 });
    const changed = itemList(someItems(6, { 0: 'new', 5: 'new' }));
    const run = (index: number, force: boolean) =>
      extract(changed, fakeEmbedder(), {
        ...{ folder, shardSize: 3, force, shard: { index, count: 2 } },
      });

    expect(await run(1, true)).toMatchObject({ complete: false });
    await expect(openStore(folder)).rejects.toThrow(StoreError);
    await expect(run(1, false)).rejects.toThrow(/shard-00001.*other items or inputs/);
    expect(await run(2, true)).toMatchObject({ complete: true });
  });

  test('failures are tried again if asked', async () => {
    const { folder } = await extracted(someItems(6, { 1: 'bad' }), { shardSize: 3 });
    const repaired = { ...fakeEmbedder(), prepare: async (input: string) => input };
    const options = { folder, shardSize: 3, retryFailures: true };

    expect(await extract(itemList(someItems(6, { 1: 'bad' })), repaired, options)).toMatchObject({
      ...{ embeddedCount: 6, failures: {}, shardsMade: 1, shardsKept: 1, complete: true },
    });
    expect((await openStore(folder)).failures).toEqual([]);
  });
});

describe('stopping', () => {
  test.each([
    { input: 'bad', says: 'Item "i4" could not be prepared: bad is broken' },
    { input: undefined, says: 'Item "i4" could not be prepared: The item has no input.' },
    { input: 'nan', says: 'Item "i4": The vector has NaN at position 0.' },
  ])('strict: $input stops the run, and finished shards stay', async ({ input, says }) => {
    const folder = temporaryFolder();
    const items = someItems(9, { 4: input, 5: 'bad' });
    const run = extract(itemList(items), fakeEmbedder(), {
      ...{ folder, shardSize: 3, batchSize: 2, strict: true },
    });

    await expect(run).rejects.toThrow(expect.objectContaining({ message: says, ids: ['i4'] }));
    await expect(run).rejects.toBeInstanceOf(ExtractionError);
    expect(readdirSync(folder)).toEqual(['shard-00000.safetensors']);
  });

  test('strict does not take over failures of a run that was not', async () => {
    const { folder } = await extracted(someItems(3, { 1: 'bad' }));
    const run = extract(itemList(someItems(3, { 1: 'bad' })), fakeEmbedder(), {
      ...{ folder, strict: true },
    });

    await expect(run).rejects.toThrow(/"i1" could not be prepared/);
  });

  test('an error that is not the input’s stops the run and names the item', async () => {
    const folder = temporaryFolder();
    const items = itemList(someItems(9, { 4: 'bug', 7: 'bug 2' }));
    const run = extract(items, fakeEmbedder(), { folder, shardSize: 3, batchSize: 2 });

    await expect(run).rejects.toThrow('Item "i4" could not be prepared: bug met a bug');
    await expect(run).rejects.toHaveProperty('cause', new TypeError('bug met a bug'));
    expect(readdirSync(folder)).toEqual(['shard-00000.safetensors']);
  });

  test('a model that throws stops the run and names the batch', async () => {
    const folder = temporaryFolder();
    const onEmbed = (batch: readonly string[]) => {
      if (batch.includes('input 5')) throw new Error('out of memory');
    };
    const items = itemList(someItems(9));
    const run = extract(items, fakeEmbedder({ onEmbed }), { folder, shardSize: 3, batchSize: 2 });

    await expect(run).rejects.toThrow(
      'The batch of 1 items from "i5" to "i5" could not be embedded: out of memory',
    );
    expect(readdirSync(folder)).toEqual(['shard-00000.safetensors']);
  });

  test('a model that answers with another number of values stops the run', async () => {
    const embedder = { ...fakeEmbedder(), embed: async () => new Float32Array(5) };
    const run = extract(itemList(someItems(2)), embedder, { folder: temporaryFolder() });

    await expect(run).rejects.toThrow(/must give 6 values \(dimension 3\), got 5/);
  });

  test('a signal stops the run with its reason, and the run can be taken up', async () => {
    const folder = temporaryFolder();
    const stop = new AbortController();
    let prepared = 0;
    const onPrepare = () => void (++prepared === 20 && stop.abort(new Error('enough')));
    const options = { folder, shardSize: 6, batchSize: 2 };
    const run = extract(itemList(someItems(60)), fakeEmbedder({ onPrepare }), {
      ...{ ...options, signal: stop.signal },
    });

    await expect(run).rejects.toThrow('enough');
    expect(prepared).toBeLessThan(20 + 4); // those in work at a time
    const finished = shardsIn(folder).length;
    expect(finished).toBeGreaterThan(0);
    expect(await extract(itemList(someItems(60)), fakeEmbedder(), options)).toMatchObject({
      ...{ shardsKept: finished, shardsMade: 10 - finished, complete: true },
    });
  });

  test('a signal that is aborted already lets nothing begin', async () => {
    const embedder = fakeEmbedder({ onPrepare: () => expect.fail('began') });
    const signal = AbortSignal.abort(new Error('no'));
    const run = extract(itemList(someItems(2)), embedder, { folder: temporaryFolder(), signal });

    await expect(run).rejects.toThrow('no');
  });
});

describe('bad input', () => {
  test.each([
    { options: { shardSize: 0 }, says: 'shardSize must be a positive integer, got 0' },
    { options: { batchSize: 1.5 }, says: 'batchSize must be a positive integer, got 1.5' },
    { options: { concurrency: NaN }, says: 'concurrency must be a positive integer, got NaN' },
    { options: { shard: { index: 0, count: 2 } }, says: 'shard.index must be from 1 to 2, got 0' },
    { options: { shard: { index: 3, count: 2 } }, says: 'shard.index must be from 1 to 2, got 3' },
    { options: { shard: { index: 1, count: 0 } }, says: 'shard.count must be a positive integer' },
  ])('$options is refused', async ({ options, says }) => {
    await expect(extracted(someItems(2), options)).rejects.toThrow(says);
    await expect(extracted(someItems(2), options)).rejects.toThrow(RangeError);
  });

  test.each([0, Number.NaN, 1.5])('an embedder of dimension %d is refused', async (dimension) => {
    const run = extract(
      itemList(someItems(1)),
      { ...fakeEmbedder(), dimension },
      {
        folder: temporaryFolder(),
      },
    );

    await expect(run).rejects.toThrow(
      `dimension must be a positive integer, got ${dimension}. Correct the embedder.`,
    );
  });

  test('an empty catalogue is refused', async () => {
    await expect(extracted([])).rejects.toThrow(/catalogue is empty/);
  });

  test('a source that gives fewer items than asked for is refused', async () => {
    const source = { itemCount: 5, read: async () => someItems(4) };
    const run = extract(source, fakeEmbedder(), { folder: temporaryFolder() });

    await expect(run).rejects.toThrow(/must give 5 items for read\(0, 5\), got 4/);
  });

  test('an id that occurs twice is refused, also across shards', async () => {
    const items = [...someItems(4), { id: 'i1', input: 'x' }];

    await expect(extracted(items, { shardSize: 2 })).rejects.toThrow(/Item "i1" occurs twice/);
    const folder = temporaryFolder();
    const run = (index: number) =>
      extract(itemList(items), fakeEmbedder(), {
        ...{ folder, shardSize: 2, shard: { index, count: 3 } },
      });
    await Promise.all([run(1), run(2)]); // neither sees both
    await expect(run(3)).rejects.toThrow(/item "i1" of shard-00002.* occurs twice/);
  });

  test('an input that cannot be told from another is refused', async () => {
    const source = itemList([{ id: 'a', input: new Map() }]);
    const embedder = { ...fakeEmbedder(), prepare: async () => 'x' };
    const run = extract(source, embedder, { folder: temporaryFolder() });

    await expect(run).rejects.toThrow(/input of item "a" must be made of.*got \[object Map\]/);
  });

  test('a file in the folder’s place is an error of the system', async () => {
    const folder = join(temporaryFolder(), 'file');
    writeFileSync(folder, '');
    const run = extract(itemList(someItems(1)), fakeEmbedder(), { folder });

    await expect(run).rejects.toThrow(/EEXIST|ENOTDIR/);
  });
});

test('inputs of bytes, lists and objects are told apart by what they hold', async () => {
  const embedder = { ...fakeEmbedder(), prepare: async () => 'x' };
  const inputs = [
    ...[Buffer.from('ab'), Buffer.from('ac'), 'ab', 'null', null, ['a', 'b'], ['ab'], 1, '1'],
    ...[{ a: 1, b: 2 }, { a: 1 }, { a: [1] }, { a: Buffer.from('1') }, undefined, '', [], {}],
  ];
  const checksums = [];
  for (const input of [...inputs, { b: 2, a: 1 }]) {
    const folder = temporaryFolder();
    await extract(itemList([{ id: 'i', input }]), embedder, { folder });
    const shard = readFileSync(join(folder, 'shard-00000.safetensors'), 'latin1');
    checksums.push(/"inputs":"(\w{64})"/.exec(shard)![1]);
  }

  expect(new Set(checksums).size).toBe(inputs.length);
  expect(checksums.at(-1)).toBe(checksums[inputs.findIndex((input) => 'b' in Object(input))]);
});

test('nothing in the folder says when or by whom it was made', async () => {
  const { folder } = await extracted(someItems(3, { 1: 'bad' }), { shardSize: 2 });

  expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toEqual({
    format: 'rodpo-features',
    version: 2,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    description: fakeEmbedder().description,
    ...{ dimension: 3, itemCount: 3, presentCount: 2, shardSize: 2 },
    shards: [
      {
        ...{ file: 'shard-00000.safetensors', ids: ['i0'] },
        ...{ bytes: expect.any(Number), sha256: folderBytes(folder)['shard-00000.safetensors'] },
      },
      {
        ...{ file: 'shard-00001.safetensors', ids: ['i2'] },
        ...{ bytes: expect.any(Number), sha256: folderBytes(folder)['shard-00001.safetensors'] },
      },
    ],
    failures: [{ id: 'i1', reason: 'corrupt', message: 'bad is broken' }],
  });
});
