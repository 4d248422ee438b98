import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors, SafetensorsError, writeSafetensors } from '@rodpo/files';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

/** Files of the last bytes written, read back. */
function reader(): (bytes: Uint8Array) => ReturnType<typeof readSafetensors> {
  const file = join(temporaryFolder(), 'model.safetensors');
  return (bytes) => {
    writeFileSync(file, bytes);
    return readSafetensors(file);
  };
}

/** A file with this header text and this many zeros after it. */
function fileOf(header: string | Uint8Array, bodyBytes = 0): Buffer {
  const text = Buffer.from(header as string);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(bodyBytes)]);
}

async function wholeFile(): Promise<Buffer> {
  const file = join(temporaryFolder(), 'whole.safetensors');
  const tensors = {
    first: { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    empty: { shape: [0], data: new Int32Array(0) },
    last: { shape: [3], data: Uint8Array.of(5, 6, 7) },
  };
  await writeSafetensors(file, tensors, { epoch: '3' });
  return readFileSync(file);
}

test('refuses a file cut at any length, or with a byte too many', async () => {
  const read = reader();
  const whole = await wholeFile();

  for (let length = 0; length < whole.length; length++) {
    await expect(read(whole.subarray(0, length)), `${length}`).rejects.toThrow(SafetensorsError);
  }
  await expect(read(Buffer.concat([whole, Buffer.alloc(1)]))).rejects.toThrow(
    'bytes follow the last tensor',
  );
  expect(Object.keys((await read(whole)).tensors)).toEqual(['first', 'empty', 'last']);
});

test('a corrupted file is refused, however it is corrupted', async () => {
  const read = reader();
  const whole = await wholeFile();
  const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));

  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const bytes = Buffer.from(whole);
      for (const [place, value] of changes) bytes[place] = value;
      fc.pre(!bytes.equals(whole));

      await expect(read(bytes)).rejects.toThrow(SafetensorsError);
    }),
    { numRuns: 500 },
  );
});

const tensor = (dtype: string, shape: unknown, offsets: unknown) => ({
  dtype,
  shape,
  data_offsets: offsets,
});

test.each([
  { fact: 'another element type', x: tensor('F64', [1], [0, 8]), problem: 'element type F64' },
  { fact: 'a type of no such name', x: tensor('toString', [8], [0, 8]), problem: 'toString' },
  { fact: 'too few bytes', x: tensor('F32', [3], [0, 8]), problem: 'do not fit its shape' },
  { fact: 'too many bytes', x: tensor('F32', [1], [0, 8]), problem: 'do not fit its shape' },
  { fact: 'a negative shape', x: tensor('F32', [-1, -2], [0, 8]), problem: 'valid shape' },
  { fact: 'a broken shape', x: tensor('F32', [0.5, 4], [0, 8]), problem: 'valid shape' },
  { fact: 'no shape', x: tensor('F32', undefined, [0, 8]), problem: 'valid shape' },
  { fact: 'a shape of text', x: tensor('F32', ['2'], [0, 8]), problem: 'valid shape' },
  { fact: 'negative offsets', x: tensor('U8', [8], [-8, 0]), problem: 'valid offsets' },
  { fact: 'swapped offsets', x: tensor('U8', [8], [8, 0]), problem: 'do not fit its shape' },
  { fact: 'one offset', x: tensor('U8', [8], [0]), problem: 'valid offsets' },
  { fact: 'three offsets', x: tensor('U8', [8], [0, 8, 8]), problem: 'valid offsets' },
  { fact: 'no entry', x: null, problem: 'lacks a valid shape' },
  { fact: 'offsets past the end', x: tensor('U8', [9], [0, 9]), problem: 'are cut off' },
  { fact: 'a gap before', x: tensor('U8', [7], [1, 8]), problem: 'overlaps another or leaves' },
  { fact: 'bytes after', x: tensor('U8', [7], [0, 7]), problem: 'bytes follow the last tensor' },
])('refuses a tensor with $fact', async ({ x, problem }) => {
  const reading = reader()(fileOf(JSON.stringify({ x }), 8));

  await expect(reading).rejects.toThrow(SafetensorsError);
  await expect(reading).rejects.toThrow(problem);
});

test.each([
  { fact: 'overlap', second: [2, 6] },
  { fact: 'share their bytes', second: [0, 4] },
  { fact: 'leave a gap', second: [5, 9] },
])('refuses tensors that $fact', async ({ second }) => {
  const header = { a: tensor('U8', [4], [0, 4]), b: tensor('U8', [4], second) };

  await expect(reader()(fileOf(JSON.stringify(header), 9))).rejects.toThrow('tensor "b" overlaps');
});

test('takes tensors in any order in the header', async () => {
  const header = { b: tensor('U8', [3], [4, 7]), a: tensor('F32', [1], [0, 4]) };
  const { tensors } = await reader()(fileOf(JSON.stringify(header), 7));

  expect(tensors).toEqual({
    a: { shape: [1], data: new Float32Array(1) },
    b: { shape: [3], data: new Uint8Array(3) },
  });
});

test.each([
  { fact: 'no JSON', header: '{"x":', problem: 'the header is not JSON' },
  { fact: 'bytes that are no text', header: Uint8Array.of(34, 255, 34), problem: 'not JSON' },
  { fact: 'null', header: 'null', problem: 'not a JSON object' },
  { fact: 'a list', header: '[]', problem: 'not a JSON object' },
  { fact: 'numbers as metadata', header: '{"__metadata__":{"a":1}}', problem: 'metadata is not' },
  { fact: 'text as metadata', header: '{"__metadata__":"a"}', problem: 'the metadata is not' },
])('refuses a header of $fact', async ({ header, problem }) => {
  await expect(reader()(fileOf(header))).rejects.toThrow(problem);
});

test('refuses a header longer than any file', async () => {
  const bytes = Buffer.alloc(16, 255);

  await expect(reader()(bytes)).rejects.toThrow('the header is cut off');
});

test('says which file, and what was expected', async () => {
  const file = join(temporaryFolder(), 'short');
  writeFileSync(file, 'abc');
  const reading = readSafetensors(file);

  await expect(reading).rejects.toThrow(
    `${file}: the file is shorter than 8 bytes. ` +
      'Expected a complete safetensors file, as it was written: restore it from a copy, ' +
      'or delete it and make it again.',
  );
  await expect(reading).rejects.toMatchObject({ name: 'SafetensorsError', file });
});
