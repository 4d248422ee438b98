import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSafetensors, readSafetensors, writeSafetensors } from '@rodpo/files';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';
import { anyTensor, dictionary } from './any-tensors.ts';

const temporaryFile = () => join(temporaryFolder(), 'model.safetensors');

const anyShape = fc.array(fc.nat(3), { maxLength: 4 }); // scalars and empty tensors among them

test('reads back whatever was written', async () => {
  const file = temporaryFile();
  const anyMetadata = dictionary(fc.string({ unit: 'binary' })); // halves of characters too

  await fc.assert(
    fc.asyncProperty(dictionary(anyTensor(anyShape)), anyMetadata, async (tensors, metadata) => {
      await writeSafetensors(file, tensors, metadata);
      const read = await readSafetensors(file);

      expect(Object.entries(read.tensors)).toEqual(Object.entries(tensors));
      expect(Object.entries(read.metadata)).toEqual(Object.entries(metadata));
    }),
    { numRuns: 50 },
  );
});

test('writes the bytes of the format, the digest of what it holds among them', async () => {
  const file = temporaryFile();
  await writeSafetensors(file, { x: { shape: [1], data: Int32Array.of(258) } }, { a: 'b' });

  const held = '[[["x","I32",[1],0,4]],[["a","b"]]]';
  const digest = createHash('sha256')
    .update(held)
    .update(Uint8Array.of(2, 1, 0, 0))
    .digest('hex');
  const header =
    `{"__metadata__":{"a":"b","sha256":"v1:${digest}"},` +
    '"x":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}';
  const length = [160, 0, 0, 0, 0, 0, 0, 0];
  const text = Buffer.from(header.padEnd(160));
  expect([...readFileSync(file)]).toEqual([...length, ...text, 2, 1, 0, 0]);
});

test('reads what the Python package safetensors wrote', async () => {
  // `tensors.py` made the file, with safetensors 0.8.0.
  const file = fileURLToPath(new URL('golden/tensors.safetensors', import.meta.url));

  expect(await readSafetensors(file)).toEqual({
    tensors: {
      'weights.items': { shape: [2, 3], data: Float32Array.of(1.5, -2, 0.1, 0, 3e38, 1e-45) },
      scalar: { shape: [], data: Float32Array.of(0.25) },
      ids: { shape: [3], data: Int32Array.of(-1, 2147483647, -2147483648) },
      pixels: { shape: [3, 1], data: Uint8Array.of(0, 127, 255) },
      empty: { shape: [0, 4], data: new Float32Array(0) },
      'größe ✓': { shape: [1], data: Int32Array.of(7) },
    },
    metadata: { epoch: '12', note: 'größe "quoted"' },
  });
});

test('writes views of larger buffers', async () => {
  const file = temporaryFile();
  const middle = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
  await writeSafetensors(file, { middle: { shape: [2], data: middle } });

  const { tensors } = await readSafetensors(file);
  expect(tensors.middle!.data).toEqual(Float32Array.of(2, 3));
});

test('a file without tensors or metadata is one all the same', async () => {
  const file = temporaryFile();
  await writeSafetensors(file, {});

  expect(await readSafetensors(file)).toEqual({ tensors: {}, metadata: {} });
});

const older = { x: { shape: [2], data: Float32Array.of(1, 2) } };
const newer = { x: { shape: [2], data: Float32Array.of(3, 4) } };

test('replaces a file, and leaves nothing else in its folder', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'model.safetensors');
  await writeSafetensors(file, older);
  await writeSafetensors(file, newer);

  expect((await readSafetensors(file)).tensors).toEqual(newer);
  expect(await readdir(folder)).toEqual(['model.safetensors']);
});

test('refuses what it could not read back, and leaves the old file', async () => {
  const file = temporaryFile();
  await writeSafetensors(file, older);
  const before = await readFile(file);
  const write = (name: string, shape: number[]) =>
    writeSafetensors(file, { [name]: { shape, data: new Float32Array(3) } });

  await expect(write('x', [2, 2])).rejects.toThrow(
    new RangeError("Tensor 'x' of shape [2,2] must hold 4 values, got 3"),
  );
  await expect(write('x', [-1, -3])).rejects.toThrow(
    new RangeError("Tensor 'x' must have a shape of integers from 0, got [-1,-3]"),
  );
  await expect(write('x', [1.5, 2])).rejects.toThrow(RangeError);
  await expect(writeSafetensors(file, older, { sha256: '' })).rejects.toThrow(RangeError);
  await expect(write('__metadata__', [3])).rejects.toThrow(
    new RangeError('A tensor must not be named __metadata__. Give it another name.'),
  );
  expect(await readFile(file)).toEqual(before);
});

test('refuses what its types forbid, and more names than the format has room for', async () => {
  const file = temporaryFile();
  await writeSafetensors(file, older);
  const before = await readFile(file);
  const data = Int16Array.of(1, 2, 3) as unknown as Int32Array;
  const write = (metadata: object) =>
    writeSafetensors(file, older, metadata as Record<string, string>);

  await expect(write({ epoch: 3 })).rejects.toThrow(
    new RangeError('Metadata \'epoch\' must be a string, got "3"'),
  );
  await expect(write({ epoch: undefined })).rejects.toThrow("'epoch' must be a string");
  await expect(write({ ids: 'a'.repeat(1e8) })).rejects.toThrow(
    /must take 100000000 bytes at most/,
  );
  await expect(writeSafetensors(file, { x: { shape: [3], data } })).rejects.toThrow(
    /'x' must be of .* or Uint8Array, got "Int16Array"/,
  );
  expect(await readFile(file)).toEqual(before);
});

test('elements are counted in whole numbers', async () => {
  const file = temporaryFile();
  await writeSafetensors(file, { x: { shape: [4], data: Float32Array.of(1, 2, 3, 4) } });
  const opened = await openSafetensors(file);
  const one = new Float32Array(1);

  for (const first of [0.5, Number.NaN, -1, 4]) {
    await expect(opened.read('x', one, first)).rejects.toThrow(RangeError);
  }
  await opened.read('x', one, 3);
  expect(one).toEqual(Float32Array.of(4));
  await opened.close();
});

test('passes on the errors of the file system', async () => {
  const missing = join(temporaryFolder(), 'none', 'model.safetensors');

  await expect(readSafetensors(missing)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(writeSafetensors(missing, older)).rejects.toMatchObject({ code: 'ENOENT' });
});
