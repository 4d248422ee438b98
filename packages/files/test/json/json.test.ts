import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { FileDamagedError, readJson, writeJson } from '@rodpo/files';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const jsonFile = () => join(temporaryFolder(), 'value.json');

test('writes indented JSON that is read back', async () => {
  const file = jsonFile();
  await writeJson(file, { epoch: 3, names: ['größe'] });

  expect(readFileSync(file, 'utf8')).toBe('{\n  "epoch": 3,\n  "names": [\n    "größe"\n  ]\n}\n');
  expect(await readJson(file)).toEqual({ epoch: 3, names: ['größe'] });
});

test('accepts a byte order mark', async () => {
  const file = jsonFile();
  writeFileSync(file, '\ufeff{"epoch":3}');

  expect(await readJson(file)).toEqual({ epoch: 3 });
});

test.each([
  { fact: 'an empty file', text: '', says: 'got nothing' },
  {
    fact: 'a cut file',
    text: '{\n  "epoch": 3,\n  "na',
    says: '"{\\n  \\"epoch\\": 3,\\n  \\"na"',
  },
  { fact: 'a word', text: '{"epoch": three, "names": []}', says: 'three' },
  { fact: 'escapes for a terminal', text: '\u001b[31mred', says: '\\u{1b}[31mred' },
  { fact: 'bytes that are no text', text: Uint8Array.of(34, 255, 34), says: 'not UTF-8' },
  { fact: 'a file of zeros', text: new Uint8Array(4096), says: '\\u{0}' },
])('of $fact, the error says what came and what to do', async ({ text, says }) => {
  const file = jsonFile();
  writeFileSync(file, text);
  const error = await readJson(file).catch((thrown: unknown) => thrown as Error);

  expect(error).toBeInstanceOf(FileDamagedError);
  expect(isActionable(error)).toBe(true);
  const { message } = error as Error;
  expect(message.startsWith(`${file}: expected JSON, got `)).toBe(true);
  expect(message).toContain(says);
  expect(message).toContain('Restore it from a copy');
  expect(message.length).toBeLessThan(file.length + 600);
});

test('the caller may say what to do', async () => {
  const file = jsonFile();
  writeFileSync(file, '{');

  await expect(readJson(file, { advice: 'Ask the cook.' })).rejects.toThrow(
    /"\{"\. Ask the cook\.$/,
  );
});

test('what the file system refuses is passed on', async () => {
  await expect(readJson(jsonFile())).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(readJson(temporaryFolder())).rejects.toMatchObject({ code: 'EISDIR' });
});

test('what JSON has not is refused, and the file stays as it was', async () => {
  const file = jsonFile();
  await writeJson(file, 1);

  await expect(writeJson(file, undefined)).rejects.toThrow(TypeError);
  expect(await readJson(file)).toBe(1);
});
