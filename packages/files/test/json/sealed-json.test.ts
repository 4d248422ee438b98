import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  canonicalJson,
  FileDamagedError,
  readSealedJson,
  sealed,
  sha256Of,
  unsealed,
  writeSealedJson,
} from '@rodpo/files';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const jsonFile = () => join(temporaryFolder(), 'sealed.json');

test('what is sealed is read back, its checksum that of its fields in their order', async () => {
  const file = jsonFile();
  const value = { ndcg: 0.25, of: { b: 1, a: 2 }, unknown: Number.NaN, left: undefined };
  await writeSealedJson(file, value);
  const text = '{"ndcg":0.25,"of":{"b":1,"a":2},"unknown":null}';
  const digest = createHash('sha256').update(text).digest('hex');

  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ ...JSON.parse(text), sha256: digest });
  expect(await readSealedJson(file)).toEqual(JSON.parse(text));
  expect(unsealed(JSON.parse(JSON.stringify(sealed(value))))).toEqual(JSON.parse(text));
  expect(sealed(sealed(value))).toEqual(sealed(value));
});

test('any flipped bit of a sealed file is told', async () => {
  const file = jsonFile();
  await writeSealedJson(file, { ndcg: 0.1234, model: 'hard' });
  const whole = readFileSync(file);
  const value = JSON.parse(whole.toString());
  let noticed = 0;
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(file, flipped);
    const found = await readSealedJson(file).catch((error: Error) => error);

    // Blanks may become others, which mean the same.
    if (found instanceof FileDamagedError) noticed++;
    else expect({ ...(found as object), sha256: value.sha256 }, `bit ${bit}`).toEqual(value);
  }
  expect(noticed).toBeGreaterThan(whole.length * 7);
});

test.each([
  [{ ndcg: 0.5 }, 'it holds no checksum'],
  [{ ndcg: 0.5, sha256: 'none' }, 'it is damaged: its checksum does not fit'],
  [[], 'it holds no checksum'],
  [null, 'it holds no checksum'],
])('%j is none', async (value, problem) => {
  const file = jsonFile();
  writeFileSync(file, JSON.stringify(value));

  expect(unsealed(value)).toBeUndefined();
  await expect(readSealedJson(file, 'Mend it.')).rejects.toThrow(`${file}: ${problem}. Mend it.`);
});

test('canonical JSON has its names in one order at any depth, and its lists as they are', () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: 'x' })).toBe(
    '{"a":"x","b":[{"c":null,"d":1},2]}',
  );
  expect(() => canonicalJson(undefined)).toThrow('A value must be one that JSON has');
});

test('the checksum of a text is that of its bytes in UTF-8, as FIPS 180-2 has it for abc', () => {
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  expect(sha256Of('abc')).toBe(digest);
  expect(sha256Of(Buffer.from('abc'))).toBe(digest);
});
