import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import {
  type NamedArray,
  openShards,
  partialName,
  readSafetensors,
  readShards,
  writeShards,
} from '@rodpo/files';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyTensor, dictionary } from '../safetensors/any-tensors.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { maxShardBytes, someTensors } from './some-tensors.ts';

const anyShape = fc.array(fc.nat(5), { maxLength: 3 }); // scalars and empty tensors among them

test('reads back whatever was written, whatever the size of shards', async () => {
  const folder = join(temporaryFolder(), 'made', 'by', 'write');
  const anyMetadata = dictionary(fc.string({ unit: 'binary' })); // halves of characters too
  const anySize = fc.integer({ min: 1, max: 200 });

  await fc.assert(
    fc.asyncProperty(
      dictionary(anyTensor(anyShape)),
      anyMetadata,
      anySize,
      async (tensors, metadata, max) => {
        await writeShards(folder, tensors, metadata, { maxShardBytes: max });
        const read = await readShards(folder);

        expect(Object.entries(read.tensors)).toEqual(Object.entries(tensors));
        expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
      },
    ),
    { numRuns: 30 },
  );
});

test('a tensor is split where its rows reach the limit, and small ones share a shard', async () => {
  const folder = temporaryFolder();
  await writeShards(folder, someTensors(7), { epoch: '3' }, { maxShardBytes });
  const rowsOf = async (shard: number) => {
    const { tensors, metadata } = await readSafetensors(join(folder, `1-0000${shard}.safetensors`));
    expect(metadata.shard).toBe(`${shard}`);
    return Object.entries(tensors).map(([name, { shape }]) => [name, shape]);
  };

  expect(readdirSync(folder)).toHaveLength(5);
  for (const shard of [0, 1, 2]) expect(await rowsOf(shard)).toEqual([['items', [3, 2]]]);
  expect(await rowsOf(3)).toEqual([
    ['items', [1, 2]],
    ['steps', []],
    ['flags', [3]],
    ['none', [0, 4]],
  ]);
});

test('a row that is larger than a shard has one to itself', async () => {
  const folder = temporaryFolder();
  const wide = { shape: [2, 6], data: Float32Array.from({ length: 12 }, (_, n) => n) };
  await writeShards(folder, { ...someTensors(1), wide }, {}, { maxShardBytes: 16 });

  expect((await readShards(folder)).tensors.wide).toEqual(wide);
  expect(readdirSync(folder)).toHaveLength(1 + 5 + 1 + 2); // the index; items, what is small, wide
});

test('goes into the arrays given, shared ones too, and not into others', async () => {
  const folder = temporaryFolder();
  await writeShards(folder, someTensors(7), {}, { maxShardBytes });
  const shared = new Float32Array(new SharedArrayBuffer(80));
  const { tensors } = await readShards(folder, {
    into: { items: { shape: [10, 2], data: shared } },
  });

  expect(tensors.items!.data).toBe(shared);
  expect([...shared]).toEqual([...someTensors(7).items!.data]);
  expect(tensors.steps).toEqual(someTensors(7).steps);
});

test('shared memory and views of larger arrays are written as they are', async () => {
  const folder = temporaryFolder();
  const { data } = someTensors(7).items!;
  const shared = new Float32Array(new SharedArrayBuffer(88)).subarray(1, 21);
  shared.set(data);
  await writeShards(folder, { items: { shape: [10, 2], data: shared } }, {}, { maxShardBytes });

  expect((await readShards(folder)).tensors.items!.data).toEqual(data);
});

test.each([
  { fact: 'is not there', name: 'users', array: { shape: [10, 2], data: new Float32Array(20) } },
  { fact: 'has another shape', name: 'items', array: { shape: [20], data: new Float32Array(20) } },
  { fact: 'has another type', name: 'items', array: { shape: [10, 2], data: new Int32Array(20) } },
  { fact: 'is longer', name: 'items', array: { shape: [10, 2], data: new Float32Array(19) } },
])('refuses an array for a tensor that $fact', async ({ name, array }) => {
  const folder = temporaryFolder();
  await writeShards(folder, someTensors(7), {}, { maxShardBytes });

  await expect(readShards(folder, { into: { [name]: array } })).rejects.toThrow(RangeError);
  expect(array.data.every((value) => value === 0)).toBe(true);
});

test('any range of elements is read, across shards', async () => {
  const folder = temporaryFolder();
  const tensors = someTensors(7);
  await writeShards(folder, tensors, { epoch: '3' }, { maxShardBytes });
  const opened = await openShards(folder);
  const items = tensors.items!.data;
  for (let first = 0; first <= items.length; first++) {
    for (let length = 0; first + length <= items.length; length++) {
      const target = new Float32Array(new SharedArrayBuffer(4 * length));
      await opened.read('items', target, first);
      expect([...target]).toEqual([...items.subarray(first, first + length)]);
    }
  }
  const steps = new Int32Array(1);
  await opened.read('steps', steps);

  expect(steps).toEqual(Int32Array.of(7));
  expect(opened.metadata).toEqual({ epoch: '3' });
  expect(opened.tensors).toEqual([
    { name: 'items', dtype: 'F32', shape: [10, 2] },
    { name: 'steps', dtype: 'I32', shape: [] },
    { name: 'flags', dtype: 'U8', shape: [3] },
    { name: 'none', dtype: 'F32', shape: [0, 4] },
  ]);
  const shards = readdirSync(folder).filter((name) => name !== 'index.json');
  const bytes = shards.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(opened.size).toBe(bytes);
  await opened.check();
  await opened.close();
});

test.each([
  { fact: 'a tensor that is not there', name: 'users', target: new Float32Array(1) },
  { fact: 'numbers of another type', name: 'items', target: new Int32Array(1) },
  { fact: 'more than there are', name: 'items', target: new Float32Array(21) },
  { fact: 'what is past the end', name: 'items', target: new Float32Array(1), first: 20 },
  { fact: 'what is before the start', name: 'items', target: new Float32Array(1), first: -1 },
  { fact: 'from half an element on', name: 'items', target: new Float32Array(1), first: 0.5 },
])('refuses to read $fact', async ({ name, target, first }) => {
  const folder = temporaryFolder();
  await writeShards(folder, someTensors(7), {}, { maxShardBytes });
  const opened = await openShards(folder);

  await expect(opened.read(name, target, first)).rejects.toThrow(RangeError);
  await opened.close();
});

test('what is new takes the place of what was, and leaves what is not its own', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  writeFileSync(partialName(join(folder, '1-00000.safetensors')), 'half');
  await writeShards(folder, someTensors(7), {}, { maxShardBytes });
  await writeShards(folder, someTensors(8), {}, { maxShardBytes: 1000 });

  expect((await readShards(folder)).tensors).toEqual(someTensors(8));
  expect(readdirSync(folder).sort()).toEqual(['2-00000.safetensors', 'index.json', 'notes.txt']);
});

test('refuses what it could not read back, and leaves the old', async () => {
  const folder = temporaryFolder();
  await writeShards(folder, someTensors(7), {}, { maxShardBytes });
  const before = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]);
  const short = { shape: [2, 2], data: new Float32Array(3) };
  const writes = [
    () => writeShards(folder, { short }),
    () => writeShards(folder, {}, { sha256: '' }),
    () => writeShards(folder, someTensors(8), {}, { maxShardBytes: 0 }),
  ];
  for (const write of writes) {
    await expect(write()).rejects.toThrow(RangeError);
    expect(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])).toEqual(
      before,
    );
  }
  expect(isActionable(await writes[2]!().catch((error: unknown) => error))).toBe(true);
});

test('a write that fails on the way removes what it wrote, and leaves the old', async () => {
  class Failing extends Float32Array {
    override subarray(): never {
      throw new Error('gone');
    }
  }
  const folder = temporaryFolder();
  await writeShards(folder, someTensors(7), {}, { maxShardBytes });
  const before = readdirSync(folder);
  const failing = { shape: [20], data: new Failing(20) };
  const writing = writeShards(folder, { ...someTensors(8), failing }, {}, { maxShardBytes });

  await expect(writing).rejects.toThrow('gone');
  expect(readdirSync(folder)).toEqual(before);
  expect((await readShards(folder)).tensors).toEqual(someTensors(7));
});

test('nothing is copied on the way to the shards, nor on the way back', async () => {
  const folder = temporaryFolder();
  const table = { shape: [1 << 16, 64], data: new Float32Array(1 << 22).fill(1.5) }; // 16 MiB
  const into = { table: { ...table, data: new Float32Array(1 << 22) } };
  const grown = async (work: () => Promise<unknown>) => {
    const held = () => process.memoryUsage().arrayBuffers;
    const before = held();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, held());
    });
    await work();
    clearInterval(watch);
    return (Math.max(most, held()) - before) / 2 ** 20;
  };

  expect(
    await grown(() => writeShards(folder, { table }, {}, { maxShardBytes: 2 ** 21 })),
  ).toBeLessThan(1);
  expect(await grown(() => readShards(folder, { into }))).toBeLessThan(1);
  const bytesOf = ({ data }: NamedArray) => Buffer.from(data.buffer);
  expect(bytesOf(into.table).equals(bytesOf(table))).toBe(true);
});

test('passes on the errors of the file system', async () => {
  const missing = join(temporaryFolder(), 'none');

  await expect(readShards(missing)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(openShards(missing)).rejects.toMatchObject({ code: 'ENOENT' });
});
