import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  appendJsonLine,
  FileDamagedError,
  readJsonLines,
  TextFormatError,
  writeJsonLines,
} from '@rodpo/files';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const logFile = () => join(temporaryFolder(), 'log.jsonl');

test('what is appended is read back, whatever it is', async () => {
  const folder = temporaryFolder();
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
      const file = join(folder, `${run++}`);
      for (const value of values) await appendJsonLine(file, value);

      // JSON has no -0.
      const expected = JSON.parse(JSON.stringify(values));
      expect(await readJsonLines(file)).toEqual({ values: expected, torn: false });
    }),
  );
});

test('many lines are what fewer are: every one of them, in order', async () => {
  const file = logFile();
  // Some 2.4 MB, which is more than is written together.
  const entries = Array.from({ length: 20_000 }, (_, id) => ({ id, text: 'é'.repeat(100) }));
  await writeJsonLines(file, entries);

  const text = entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  expect(readFileSync(file, 'utf8') === text).toBe(true);
});

test('a log torn at any byte loses its last value alone, and goes on', async () => {
  const file = logFile();
  const entries = [{ epoch: 1, loss: 0.5, name: 'größe "€😀"' }, 'text\u2028', 12.5];
  await writeJsonLines(file, entries);
  const whole = readFileSync(file);
  for (let length = 0; length <= whole.length; length++) {
    writeFileSync(file, whole.subarray(0, length));
    const kept = whole.subarray(0, length).filter((byte) => byte === 10).length;
    const isAtEnd = length === 0 || whole[length - 1] === 10;

    expect(await readJsonLines(file), `${length}`).toEqual({
      values: entries.slice(0, kept),
      torn: !isAtEnd,
    });
    await appendJsonLine(file, { next: true });
    expect(await readJsonLines(file), `${length}`).toEqual({
      values: [...entries.slice(0, kept), { next: true }],
      torn: false,
    });
  }
});

test.each([
  { fact: 'cut and then ended', rest: '{"epoch":2,"lo\n' },
  { fact: 'zeros after a power cut', rest: '\0'.repeat(100_000) },
  { fact: 'long and cut', rest: `"${'a'.repeat(200_000)}` },
])('a last line that is $fact is torn too', async ({ rest }) => {
  const file = logFile();
  await appendJsonLine(file, { epoch: 1 });
  appendFileSync(file, rest);

  expect(await readJsonLines(file)).toEqual({ values: [{ epoch: 1 }], torn: true });
  await appendJsonLine(file, { epoch: 2 });
  expect(readFileSync(file, 'utf8')).toBe('{"epoch":1}\n{"epoch":2}\n');
});

test('damage before the last line is no killed writer: it is told with its line', async () => {
  const file = logFile();
  writeFileSync(file, '{"epoch":1}\n\n{"ep\n{"epoch":3}\n');
  const error = await readJsonLines(file).catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(FileDamagedError);
  expect(error).toMatchObject({ file, line: 3 });
  expect((error as Error).message).toMatch(/:3: expected JSON, got .*"\{\\"ep".* Restore it/);
});

test('a long last line is kept when another follows', async () => {
  const file = logFile();
  const long = 'a'.repeat(200_000);
  await appendJsonLine(file, long);
  await appendJsonLine(file, 1);

  expect(await readJsonLines(file)).toEqual({ values: [long, 1], torn: false });
});

test('a byte order mark and carriage returns do no harm', async () => {
  const file = logFile();
  writeFileSync(file, '\ufeff{"epoch":1}\r\n{"epoch":2}\r\n');
  await appendJsonLine(file, { epoch: 3 });

  const values = [{ epoch: 1 }, { epoch: 2 }, { epoch: 3 }];
  expect(await readJsonLines(file)).toEqual({ values, torn: false });
});

test('no file is an empty log; any other refusal is passed on', async () => {
  const folder = temporaryFolder();

  expect(await readJsonLines(join(folder, 'none'))).toEqual({ values: [], torn: false });
  await expect(readJsonLines(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  const below = join(folder, 'file', 'log');
  writeFileSync(join(folder, 'file'), '');
  await expect(readJsonLines(below)).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('what JSON has not is refused, and the log stays as it was', async () => {
  const file = logFile();
  await writeJsonLines(file, [1]);

  await expect(appendJsonLine(file, undefined)).rejects.toThrow(TypeError);
  await expect(writeJsonLines(file, [2, undefined])).rejects.toThrow(TypeError);
  expect(readFileSync(file, 'utf8')).toBe('1\n');
});

test('a line without end is an error, and not read whole', async () => {
  const file = logFile();
  writeFileSync(file, Buffer.alloc((64 << 20) + 1, 'a'));

  await expect(readJsonLines(file)).rejects.toThrow(TextFormatError);
});
