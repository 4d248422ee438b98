import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSafetensors, sealed, writeSafetensors, writeSealedJson } from '@rodpo/files';
import {
  FileDamagedError,
  parseJsonLines,
  parseSafetensors,
  parseSealedJson,
  SafetensorsError,
} from '@rodpo/files/bytes';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const golden = fileURLToPath(new URL('../safetensors/golden/tensors.safetensors', import.meta.url));

async function bytesOf(file: string, shift = 0): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readFile(file);
  const all = new Uint8Array(bytes.length + shift);
  all.set(bytes, shift);
  return all.subarray(shift);
}

// Numbers of four bytes can be viewed where they lie from 0 and 4, and must be copied from 1 and 2.
test.each([0, 1, 2, 4])('tensors are those of the file, if it begins at byte %i', async (shift) => {
  const { tensors } = await readSafetensors(golden);

  expect(parseSafetensors(await bytesOf(golden, shift), golden)).toEqual(tensors);
});

test.each(['float16', 'bfloat16'] as const)(
  'halves of %s are widened as the reader of files does',
  async (type) => {
    const file = join(temporaryFolder(), 'half.safetensors');
    const data = Float32Array.of(1.5, -2.25, 0.1, 65504);
    await writeSafetensors(file, { x: { shape: [4], data } }, {}, { dtype: type });

    const parsed = parseSafetensors(await bytesOf(file), file);
    expect(parsed).toEqual((await readSafetensors(file)).tensors);
    expect(parsed.x!.data[0]).toBe(1.5);
  },
);

test('what is cut off anywhere is told', async () => {
  const bytes = await bytesOf(golden);

  for (let length = 0; length < bytes.length; length++) {
    expect(() => parseSafetensors(bytes.subarray(0, length), 'cut')).toThrow(SafetensorsError);
  }
});

test('numbers of 64 bits are refused, as by the reader of files', () => {
  const header = '{"x":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}  ';
  const file = Uint8Array.of(header.length, ...Array(7).fill(0), ...encode(header), ...Array(8));

  expect(() => parseSafetensors(file, 'x')).toThrow("tensor 'x' has element type F64");
});

test('what was sealed is read, and any changed byte of a value told', async () => {
  const file = join(temporaryFolder(), 'sealed.json');
  await writeSealedJson(file, { ndcg: 0.1234, model: 'größe' });
  const bytes = await bytesOf(file);

  expect(await parseSealedJson(bytes, { file })).toEqual({ ndcg: 0.1234, model: 'größe' });
  bytes[bytes.indexOf('4'.charCodeAt(0))]! ^= 1;
  await expect(parseSealedJson(bytes, { file, advice: 'Mend it.' })).rejects.toThrow(
    `${file}: it is damaged: its checksum does not fit. Mend it.`,
  );
});

test.each([
  ['{"a":1}', 'it holds no checksum'],
  ['[]', 'it holds no checksum'],
  ['{"a":1', 'expected JSON, got what'],
])('%j was not sealed', async (text, problem) => {
  const failure = await parseSealedJson(encode(text), { file: 'a' }).catch((error) => error);

  expect(failure).toBeInstanceOf(FileDamagedError);
  expect(failure.message).toContain(problem);
});

test('a sealed object is the same for both readers', async () => {
  const value = { b: [1, { c: null }], a: 'x' };

  expect(await parseSealedJson(encode(JSON.stringify(sealed(value))), { file: 'a' })).toEqual(
    value,
  );
});

test.each<[string, unknown[]]>([
  ['', []],
  ['1\n', [1]],
  ['\n{"a":"\u2028"}\r\n\r\n[2]\n', [{ a: '\u2028' }, [2]]],
])('the lines of %j are its values', (text, values) => {
  expect(parseJsonLines(encode(text), { file: 'log' })).toEqual(values);
});

test.each([
  ['1\n{"a":\n3\n', 'log:2: expected JSON'],
  ['1\n2\n34', 'log:3: the last line does not end'],
])('%j is told with its line', (text, message) => {
  expect(() => parseJsonLines(encode(text), { file: 'log' })).toThrow(message);
});
