import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isActionable } from '@rodpo/errors';
import {
  openSafetensors,
  readSafetensors,
  SafetensorsError,
  sha256OfFile,
  writeSafetensors,
} from '@rodpo/files';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const foreign = fileURLToPath(new URL('golden/tensors.safetensors', import.meta.url));

async function smallFile(): Promise<string> {
  const file = join(temporaryFolder(), 'small.safetensors');
  const tensors = {
    a: { shape: [2], data: Float32Array.of(1, 2) },
    c: { shape: [2], data: Float32Array.of(3, 4) },
    bytes: { shape: [3], data: Uint8Array.of(32, 32, 32) },
  };
  await writeSafetensors(file, tensors, { epoch: '3', run: 'a' });
  return file;
}

test('a single flipped bit is noticed, wherever it is', async () => {
  const file = await smallFile();
  const whole = readFileSync(file);
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    const bytes = Buffer.from(whole);
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(file, bytes);
    const error = await readSafetensors(file).catch((thrown: unknown) => thrown);

    expect(error, `bit ${bit}`).toBeInstanceOf(SafetensorsError);
    expect(isActionable(error)).toBe(true);
  }
});

test.each([
  { fact: 'two names are swapped', change: (text: string) => swap(text, '"a":', '"c":') },
  { fact: 'a tensor is renamed', change: (text: string) => text.replace('"a":{', '"b":{') },
  { fact: 'metadata differ', change: (text: string) => text.replace('"3"', '"4"') },
  { fact: 'a shape differs', change: (text: string) => text.replaceAll('[2]', '[1,2]') },
])('is noticed if $fact', async ({ change }) => {
  const file = await smallFile();
  const [before, after] = [readFileSync(file), changeHeader(readFileSync(file), change)];
  expect(after).not.toEqual(before);
  writeFileSync(file, after);

  await expect(readSafetensors(file)).rejects.toThrow('its checksum does not fit');
});

test('a file without a checksum is read, or refused if it must have one', async () => {
  const tensors = Object.keys((await readSafetensors(foreign)).tensors);
  expect(tensors).toHaveLength(6);

  const reading = readSafetensors(foreign, { requireChecksum: true });
  await expect(reading).rejects.toThrow(SafetensorsError);
  await expect(reading).rejects.toThrow('it holds no checksum');
});

test('parts of a file can be read, and the whole be checked', async () => {
  const file = await smallFile();
  const opened = await openSafetensors(file, { requireChecksum: true });
  const part = new Float32Array(1);
  await opened.read('c', part, 1);

  expect(part).toEqual(Float32Array.of(4));
  expect(opened.metadata).toEqual({ epoch: '3', run: 'a' });
  expect(opened.tensors[0]).toEqual({ name: 'a', dtype: 'F32', shape: [2] });
  expect(opened.size).toBe(readFileSync(file).length);
  expect(await opened.sha256()).toBe(await sha256OfFile(file));
  await opened.check();
  await opened.close();
});

test.each([
  { fact: 'a tensor that is not there', name: 'd', target: new Float32Array(1) },
  { fact: 'numbers of another type', name: 'a', target: new Int32Array(1) },
  { fact: 'more than there are', name: 'a', target: new Float32Array(3) },
  { fact: 'what is past the end', name: 'a', target: new Float32Array(1), first: 2 },
  { fact: 'what is before the start', name: 'c', target: new Float32Array(1), first: -1 },
])('refuses to read $fact', async ({ name, target, first }) => {
  const opened = await openSafetensors(await smallFile());

  await expect(opened.read(name, target, first)).rejects.toThrow(RangeError);
  await opened.close();
});

test('checking finds damage in the body, and a checksum that must be there', async () => {
  const file = await smallFile();
  const bytes = readFileSync(file);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(file, bytes);
  const damaged = await openSafetensors(file);
  const unchecked = await openSafetensors(foreign, { requireChecksum: true });

  await expect(damaged.check()).rejects.toThrow('its checksum does not fit');
  await expect(unchecked.check()).rejects.toThrow('it holds no checksum');
  await Promise.all([damaged.close(), unchecked.close()]);
});

test('numbers of double precision are kept in their places, read by openSafetensors', async () => {
  const file = join(temporaryFolder(), 'wide.safetensors');
  const idf = Float64Array.of(0.1, -0);
  await writeSafetensors(file, {
    flags: { shape: [1], data: Uint8Array.of(7) },
    idf: { shape: [2], data: idf },
  });
  const opened = await openSafetensors(file);
  const read = new Float64Array(2);
  await opened.read('idf', read);
  await opened.check();
  await opened.close();

  expect(read).toEqual(idf);
  // Eight-byte numbers lie where they may start.
  const bytes = readFileSync(file);
  expect((8 + Number(bytes.readBigUInt64LE(0))) % 8).toBe(0);
  expect(headerOf(bytes)).toContain('"idf":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}');
  await expect(readSafetensors(file)).rejects.toThrow('element type F64');
});

function headerOf(bytes: Buffer): string {
  return bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString();
}

function changeHeader(bytes: Buffer, change: (text: string) => string): Buffer {
  const header = headerOf(bytes);
  const text = Buffer.from(change(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, bytes.subarray(8 + Buffer.byteLength(header))]);
}

function swap(text: string, a: string, b: string): string {
  return text
    .split(a)
    .map((part) => part.replaceAll(b, a))
    .join(b);
}
