import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readNpy, readNpyRows, VectorFileError } from '@rodpo/features';
import { expect, test } from 'vitest';
import { golden, goldenFile } from './golden.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A version 1.0 file of this header and this many bytes of values. */
function npy(header: string, bytes: Uint8Array | number = 0): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const values = typeof bytes === 'number' ? Buffer.alloc(bytes) : bytes;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    length,
    Buffer.from(header, 'latin1'),
    values,
  ]);
}

async function fileOf(content: Uint8Array): Promise<string> {
  const file = join(await temporaryFolder(), 'vectors.npy');
  await writeFile(file, content);
  return file;
}

test.each(golden.npy)('reads $file as NumPy does', async ({ file, shape, data }) => {
  const array = await readNpy(goldenFile(file));

  expect(array.shape).toEqual(shape);
  expect([...array.data]).toEqual(data);
});

test('reads every float16 as NumPy does', async () => {
  const codes = Buffer.from(Uint16Array.from({ length: 2 ** 16 }, (_, code) => code).buffer);
  const header = "{'descr': '<f2', 'fortran_order': False, 'shape': (65536,), }\n";

  const { data } = await readNpy(await fileOf(npy(header, codes)));

  expect(data.filter(Number.isNaN)).toHaveLength(2 * 1023); // both signs, any fraction but 0
  const values = data.map((value) => (Number.isNaN(value) ? 0 : value));
  expect(createHash('sha256').update(values).digest('hex')).toBe(golden.halves);
});

test('reads more values than are decoded at a time, in either order', async () => {
  const rowCount = 100_003;
  const values = Float64Array.from({ length: rowCount * 3 }, (_, index) => index);
  const header = (order: string) =>
    `{'descr': '<f8', 'fortran_order': ${order}, 'shape': (${rowCount}, 3), }\n`;

  const plain = await readNpy(await fileOf(npy(header('False'), Buffer.from(values.buffer))));
  const turned = await readNpy(await fileOf(npy(header('True'), Buffer.from(values.buffer))));

  const expected = Float32Array.from(values, (_, at) => (at % 3) * rowCount + Math.floor(at / 3));
  expect(firstDifference(plain.data, Float32Array.from(values))).toBe(-1);
  expect(firstDifference(turned.data, expected)).toBe(-1);
});

test.each([
  "{'shape':(2,),'fortran_order':False,'descr':'<f4'}",
  '{"descr": "<f4", "fortran_order": False, "shape": (2L,), }        \n',
  "{ 'descr' : '<f4' , 'fortran_order' : True , 'shape' : ( 2 , ) , }\n",
])('reads a header that NumPy would not write but does read: %s', async (header) => {
  const { shape, data } = await readNpy(await fileOf(npy(header, 8)));

  expect(shape).toEqual([2]);
  expect([...data]).toEqual([0, 0]);
});

test.each([
  ['refused-int.npy', /values of type "<i8"; read are <f2, <f4, <f8, >f2, >f4, >f8$/],
  ['refused-structured.npy', /values of type "\[\('a', '<f4'\), \('b', '<f4'\)\]"; read are/],
  ['refused-fortran.npy', /Fortran order with 3 axes/],
  ['refused-two-arrays.npy', /needs 176 bytes, the file has 352: there is more in it/],
])('refuses %s', async (name, problem) => {
  const file = goldenFile(name);

  await expect(readNpy(file)).rejects.toThrow(VectorFileError);
  await expect(readNpy(file)).rejects.toThrow(problem);
  await expect(readNpy(file)).rejects.toMatchObject({ file });
});

const good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";

test.each<[string, Uint8Array, RegExp]>([
  ['an empty file', Buffer.alloc(0), /cut short: 8 bytes were expected from byte 0, got 0/],
  ['another format', Buffer.from('PAR1 and more'), /not a .npy file: it begins with 504152312061/],
  ['version 4.0', Buffer.from('\x93NUMPY\x04\x00\x00\x00', 'latin1'), /version 4.0; read are 1.0/],
  ['a header cut short', npy(good).subarray(0, 30), /cut short/],
  ['a missing value', npy(good, 23), /\[2, 3\] needs 94 bytes, the file has 93: it is cut short/],
  ['a value too many', npy(good, 28), /has 98: there is more in it than one array/],
  ['a header of 20,000 bytes', npy(' '.repeat(20_000)), /header of 20000 bytes; at most 10000/],
  ['a huge shape', npy(good.replace('2, 3', `${10 ** 12}, ${10 ** 12}`)), /is cut short/],
  ['a negative shape', npy(good.replace('2, 3', '-2, 3'), 24), /malformed header/],
  ['a shape that is no tuple', npy(good.replace('(2, 3)', '(6)'), 24), /malformed header/],
  ['no order', npy(good.replace("'fortran_order': False, ", ''), 24), /malformed header/],
  ['an unknown key', npy(good.replace('}', "'more': True}"), 24), /malformed header/],
  ['an order that is neither', npy(good.replace('False', "'C'"), 24), /malformed header/],
  ['garbage in the header', npy(good.replace(', }', ', # }'), 24), /malformed header/],
  ['no dictionary', npy('descr: <f4\n', 24), /malformed header "descr: <f4\\n"/],
])('refuses %s', async (_, content, problem) => {
  const file = await fileOf(content);

  await expect(readNpy(file)).rejects.toThrow(VectorFileError);
  await expect(readNpy(file)).rejects.toThrow(problem);
});

test('refuses a float64 that float32 cannot hold, and passes on NaN and infinity', async () => {
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }\n";
  const bytes = (values: number[]) => Buffer.from(Float64Array.from(values).buffer);

  const { data } = await readNpy(await fileOf(npy(header, bytes([Number.NaN, -Infinity, 1e38]))));
  expect([...data]).toEqual([Number.NaN, -Infinity, Math.fround(1e38)]);
  const file = await fileOf(npy(header, bytes([1, 1e39, 1])));
  await expect(readNpy(file)).rejects.toThrow('value 1 is 1e+39, beyond the range of float32');
});

test('a missing file is the system error', async () => {
  await expect(readNpy(goldenFile('no-such.npy'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test.each(['little-f4-C.npy', 'big-f4-C.npy', 'little-f2-C.npy', 'big-f8-C.npy'])(
  'reads %s row by row',
  async (name) => {
    const { rowCount, dimension, blocks } = await readNpyRows(goldenFile(name), { blockRows: 3 });

    const read: number[][] = [];
    for await (const block of blocks) read.push([...block]);
    expect([rowCount, dimension]).toEqual([4, 3]);
    expect(read.map((block) => block.length)).toEqual([9, 3]);
    expect(read.flat()).toEqual([...(await readNpy(goldenFile(name))).data]);
  },
);

test('blocks can be read twice, and left early', async () => {
  const { blocks } = await readNpyRows(goldenFile('little-f4-C.npy'), { blockRows: 1 });

  for (let time = 0; time < 2; time++) {
    for await (const block of blocks) {
      expect([...block]).toEqual([-1.375, -1.125, -0.875]);
      break;
    }
  }
});

test('a file that is cut short while it is read is an error', async () => {
  const file = await fileOf(await readFile(goldenFile('little-f4-C.npy')));
  const { blocks } = await readNpyRows(file);
  await writeFile(file, (await readFile(file)).subarray(0, 150));

  await expect(blocks[Symbol.asyncIterator]().next()).rejects.toThrow(/cut short: 48 bytes/);
});

test.each([
  ['little-f4-F.npy', /shape \[4, 3\] in Fortran order/],
  ['one-axis.npy', /shape \[3\] in C order/],
])('does not read %s row by row', async (name, problem) => {
  await expect(readNpyRows(goldenFile(name))).rejects.toThrow(problem);
});

test.each([0, -1, 1.5, Number.NaN])('refuses blocks of %d rows', async (blockRows) => {
  await expect(readNpyRows(goldenFile('little-f4-C.npy'), { blockRows })).rejects.toThrow(
    `blockRows must be a positive integer, got ${blockRows}`,
  );
});

/** Quicker than comparing, and above all than printing, hundreds of thousands of values. */
function firstDifference(actual: Float32Array, expected: Float32Array): number {
  expect(actual).toHaveLength(expected.length);
  return actual.findIndex((value, at) => value !== expected[at]);
}
