import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSafetensors, readSafetensors, writeSafetensors } from '@rodpo/files';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

type HalfType = 'F16' | 'BF16';

/** What torch and the Python package safetensors do; `halves.py` made the files. */
const golden: Readonly<
  Record<'special' | 'doubles', Record<HalfType, number[]>> &
    Record<'read' | 'rounded', Record<HalfType, string>>
> = JSON.parse(readFileSync(new URL('golden/halves.json', import.meta.url), 'utf8'));

const temporaryFile = () => join(temporaryFolder(), 'model.safetensors');
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = (array: ArrayBufferView) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** A file of halves with these bits, as another tool would write it. */
function fileOf(type: HalfType, halves: Uint16Array): string {
  const offsets = [0, halves.byteLength];
  const header = { x: { dtype: type, shape: [halves.length], data_offsets: offsets } };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = temporaryFile();
  writeFileSync(file, Buffer.concat([length, text, bytesOf(halves)]));
  return file;
}

/** The bits of all halves, as the script counts them: from the most negative int16. */
const all = Uint16Array.from({ length: 2 ** 16 }, (_, index) => index + 2 ** 15);

async function read(file: string, name = 'x'): Promise<Float32Array> {
  return (await readSafetensors(file)).tensors[name]!.data as Float32Array;
}

/** Numbers to round, as the script makes them. */
async function toRound(type: HalfType): Promise<Float32Array> {
  const finite = (await read(fileOf(type, all))).filter(Number.isFinite);
  const bits = new Uint32Array(finite.buffer, finite.byteOffset, finite.length);
  const step = type === 'F16' ? 2 ** 12 : 2 ** 15;
  const scattered = Uint32Array.from({ length: 2 ** 18 }, (_, index) =>
    Number((2654435761n * BigInt(index) + 12345n) % 2n ** 32n),
  );
  const ties = [0, step - 1, step, step + 1].map((more) => bits.map((value) => value + more));
  const small = Float32Array.from({ length: 1024 }, (_, index) => (index + 0.5) * 2 ** -24);
  const parts = [scattered, ...ties, small, small.map((number) => -number)];
  const joined = new Uint8Array(Buffer.concat(parts.map(bytesOf)));
  return new Float32Array(joined.buffer);
}

/** The bits of a file's only tensor. */
function storedHalves(file: string): Uint16Array {
  const bytes = readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE());
  return new Uint16Array(new Uint8Array(bytes.subarray(start)).buffer);
}

describe.each([
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
] as const)('%s', (type, dtype) => {
  const isNumber = (half: number) =>
    (half & 0x7fff) <= (type === 'F16' ? 0x7c00 : 0x7f80) ? half : 0;

  test('all 65,536 of them are read as torch reads them', async () => {
    const numbers = await read(fileOf(type, all));

    expect(numbers).toBeInstanceOf(Float32Array);
    expect(digest(bytesOf(numbers.map((number) => (Number.isNaN(number) ? 0 : number))))).toBe(
      golden.read[type],
    );
  });

  test('numbers are rounded as torch rounds them, ties among them', async () => {
    const data = await toRound(type);
    const file = temporaryFile();
    await writeSafetensors(file, { x: { shape: [data.length], data } }, {}, { dtype });

    expect(digest(bytesOf(storedHalves(file).map(isNumber)))).toBe(golden.rounded[type]);
  });

  test('what was read is written back as it was', async () => {
    const numbers = await read(fileOf(type, all));
    const file = temporaryFile();
    await writeSafetensors(file, { x: { shape: [2, 2 ** 15], data: numbers } }, {}, { dtype });

    expect(storedHalves(file).map(isNumber)).toEqual(all.map(isNumber));
    expect((await readSafetensors(file, { requireChecksum: true })).tensors.x).toEqual({
      shape: [2, 2 ** 15],
      data: numbers,
    });
  });

  test('doubles become floats first, as in torch', async () => {
    const file = temporaryFile();
    const data = Float64Array.of(1 + 2 ** -11 + 2 ** -40, 1 / 3, 1e-300);
    await writeSafetensors(file, { x: { shape: [3], data } }, {}, { dtype });

    expect([...(await read(file))]).toEqual(golden.doubles[type]);
  });

  test('a part is read into float32, and only there', async () => {
    const opened = await openSafetensors(fileOf(type, Uint16Array.of(0x3f80, 0x3c00, 0xc000)));
    const target = new Float32Array(2);
    await opened.read('x', target, 1);

    expect([...target]).toEqual(type === 'F16' ? [1, -2] : [0.0078125, -2]);
    await expect(opened.read('x', target, 2)).rejects.toThrow('has no 2 elements from 2 on');
    await expect(opened.read('x', new Int32Array(1))).rejects.toThrow(`is of ${type}`);
    await opened.close();
  });
});

test('reads what the Python package wrote', async () => {
  const file = fileURLToPath(new URL('golden/halves.safetensors', import.meta.url));
  const { tensors } = await readSafetensors(file);

  expect([...tensors.half!.data]).toEqual([...golden.special.F16, Infinity]);
  expect([...tensors.brain!.data]).toEqual([...golden.special.BF16, Infinity]);
  expect(tensors.brain!.shape).toEqual([7, 1]);
  expect(tensors.whole).toEqual({ shape: [2], data: Int32Array.of(1, 2) });
});

test('integers stay as they are, and every number lies where it may start', async () => {
  const file = temporaryFile();
  const tensors = {
    bytes: { shape: [3], data: Uint8Array.of(1, 2, 3) },
    halves: { shape: [2], data: Float32Array.of(0.5, -8) },
    whole: { shape: [1], data: Int32Array.of(2 ** 30 + 1) },
    empty: { shape: [0, 2], data: new Float32Array(0) },
  };
  await writeSafetensors(file, tensors, { epoch: '1' }, { dtype: 'float16' });

  expect(await readSafetensors(file)).toEqual({ tensors, metadata: { epoch: '1' } });
  const { tensors: entries, close } = await openSafetensors(file);
  expect(entries.map(({ name, dtype }) => [name, dtype])).toEqual([
    ['bytes', 'U8'],
    ['halves', 'F16'],
    ['whole', 'I32'],
    ['empty', 'F16'],
  ]);
  await close();
  // The widest come first: four bytes of the integer, four of halves, three bytes.
  const bytes = readFileSync(file);
  const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
  expect(header).toMatchObject({
    whole: { data_offsets: [0, 4] },
    halves: { data_offsets: [4, 8] },
    empty: { data_offsets: [8, 8] },
    bytes: { data_offsets: [8, 11] },
  });
});

test('a damaged half is noticed', async () => {
  const file = temporaryFile();
  const x = { shape: [1], data: Float32Array.of(1) };
  await writeSafetensors(file, { x }, {}, { dtype: 'bfloat16' });
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);

  await expect(readSafetensors(file)).rejects.toThrow('its checksum does not fit');
});

test.each(['fp16', 'float32', 'constructor'])(
  'there is no type %s, and nothing is written',
  async (dtype) => {
    const file = temporaryFile();
    const x = { shape: [1], data: Float32Array.of(1) };

    await expect(writeSafetensors(file, { x }, {}, { dtype: dtype as never })).rejects.toThrow(
      `dtype must be one of "float16", "bfloat16", got "${dtype}"`,
    );
    expect(existsSync(file)).toBe(false);
  },
);
