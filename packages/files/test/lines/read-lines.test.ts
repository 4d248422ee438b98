import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { lineText, readLines, scanLines, TextFormatError } from '@rodpo/files';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

function textFile(content: string | Uint8Array): string {
  const file = join(temporaryFolder(), 'text.txt');
  writeFileSync(file, content);
  return file;
}

async function all(file: string, options = {}): Promise<[number, string][]> {
  const lines: [number, string][] = [];
  for await (const line of readLines(file, options)) lines.push(line);
  return lines;
}

const failure = (file: string, options = {}) =>
  all(file, options).catch((error: unknown) => error as TextFormatError);

test('blank lines keep their numbers, and the last line needs no end', async () => {
  const file = textFile('\ufeffa\n\n \t\r\nb\r\n\r\nc');

  expect(await all(file)).toEqual([
    [1, 'a'],
    [4, 'b'],
    [6, 'c'],
  ]);
});

test('a line of other white space is not blank: it may be an id', async () => {
  expect(await all(textFile('\u00a0\n \t\n\u3000\n'))).toEqual([
    [1, '\u00a0'],
    [3, '\u3000'],
  ]);
});

test('a line ends at a line feed, with a carriage return before it or not, and nowhere else', async () => {
  const inside = 'a\u2028b\u2029c\u0085d\ve\ff\rg';

  expect(await all(textFile(`${inside}\n${inside}\r\n`))).toEqual([
    [1, inside],
    [2, inside],
  ]);
});

test('a byte order mark is dropped at the start of the file, and nowhere else', async () => {
  expect(await all(textFile('\ufeff\ufeffa\n\ufeffb\n'))).toEqual([
    [1, '\ufeffa'],
    [2, '\ufeffb'],
  ]);
});

test('however a file is cut into pieces, its lines are the same', async () => {
  const part = fc.constantFrom('\n', '\r\n', '\r', 'a', 'ä', '€', '😀', '\u2028', '\ufeff', ' ');
  const folder = temporaryFolder();
  await fc.assert(
    fc.asyncProperty(fc.array(part), fc.integer({ min: 1, max: 9 }), async (parts, chunkBytes) => {
      const text = parts.join('');
      const file = join(folder, 'text');
      writeFileSync(file, text);
      // The definition, on the whole text.
      const whole = text.replace(/^\ufeff/, '').split('\n');
      const expected = whole
        .map((line, index) => [index + 1, line.replace(/\r$/, '')] as [number, string])
        .filter(([, line]) => /[^ \t]/.test(line));

      expect(await all(file, { chunkBytes })).toEqual(expected);
    }),
  );
});

test.each([
  { fact: 'a byte of Latin-1', bytes: [0x47, 0x72, 0xf6, 0xdf, 0x65] },
  { fact: 'an overlong form', bytes: [0xc0, 0xaf] },
  { fact: 'half of a surrogate pair', bytes: [0xed, 0xa0, 0x80] },
  { fact: 'a character beyond the last', bytes: [0xf4, 0x90, 0x80, 0x80] },
  { fact: 'a character cut short by the line', bytes: [0x61, 0xe2, 0x82] },
  { fact: 'a lone continuation', bytes: [0x80] },
  { fact: 'UTF-16', bytes: [0xff, 0xfe, 0x61, 0x00] },
])('$fact is refused with its place, not replaced', async ({ bytes }) => {
  const file = textFile(Buffer.from([...Buffer.from('ok\n\n'), ...bytes, 10, 0x61]));
  for (const chunkBytes of [1, 3, 1 << 20]) {
    const error = (await failure(file, { chunkBytes })) as TextFormatError;

    expect(error).toBeInstanceOf(TextFormatError);
    expect(isActionable(error)).toBe(true);
    expect(error).toMatchObject({ file, line: 3 });
    expect(error.message).toMatch(/^.*:3: expected text in UTF-8, .*Save the file as UTF-8\.$/);
  }
});

test('a character that says it was replaced already is one like others', async () => {
  expect(await all(textFile('a\ufffdb\n'))).toEqual([[1, 'a\ufffdb']]);
});

test('a line of the greatest length is read, one byte more is refused before it is read', async () => {
  const file = textFile(`a\n${'b'.repeat(100)}\n${'c'.repeat(101)}`);
  const whole = await failure(file, { maxLineBytes: 100 });
  const inPieces = await failure(file, { maxLineBytes: 100, chunkBytes: 7 });

  for (const error of [whole, inPieces]) {
    expect(error).toBeInstanceOf(TextFormatError);
    expect(error).toMatchObject({ line: 3 });
  }
  expect(await all(file, { maxLineBytes: 101 })).toHaveLength(3);
});

test('of a line without end, no more than the limit is read', async () => {
  const handle = await open('/dev/zero', 'r').catch(() => undefined);
  if (!handle) return; // not on this system
  const reading = scanLines('/dev/zero', { handle, maxLineBytes: 5 << 20 }).next();

  await expect(reading).rejects.toThrow(
    '/dev/zero:1: expected lines of at most 5242880 bytes, got a longer one.',
  );
  await handle.close();
});

test('lines are found again at their places', async () => {
  const text = '\ufeffa\nbc\r\n\n€\n';
  const file = textFile(text);
  const lines = [];
  for await (const some of scanLines(file, { chunkBytes: 2 })) lines.push(...some);

  expect(lines.map(({ number, offset, ended }) => [number, offset, ended])).toEqual([
    [1, 0, true],
    [2, 5, true],
    [3, 9, true],
    [4, 10, true],
  ]);
  const [, second, , fourth] = lines;
  const again = [];
  const place = { from: second!.offset, to: fourth!.offset, firstNumber: second!.number };
  for await (const some of scanLines(file, place)) again.push(...some);
  expect(again.map((line) => [line.number, lineText(file, line)])).toEqual([
    [2, 'bc'],
    [3, ''],
  ]);
});

test('a reader that stops early, or fails, leaves no file open', async () => {
  const file = textFile('a\nb\n'.repeat(10));
  const openFiles = () => readLinksOf('/proc/self/fd').filter((target) => target === file).length;
  for await (const _ of readLines(file)) break;
  await failure(textFile(Uint8Array.of(0xff)));

  expect(openFiles()).toBe(0);
});

test('what the file system refuses is passed on', async () => {
  await expect(all(join(temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(all(temporaryFolder())).rejects.toMatchObject({ code: 'EISDIR' });
});

test('the longest line allowed by default is read, whatever the pieces', async () => {
  const file = textFile(Buffer.alloc(64 << 20, 'a'));

  expect((await all(file, { chunkBytes: 1 << 14 }))[0]![1]).toHaveLength(64 << 20);
});

function readLinksOf(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => {
      try {
        return [readlinkSync(join(folder, name))];
      } catch {
        return []; // closed meanwhile
      }
    });
  } catch {
    return []; // not on this system
  }
}

test('what is given in place of the bytes is cut into lines in the same way', async () => {
  const file = textFile('\ufeffa\n\nbc\r\ndef');
  const bytes = Buffer.from('\ufeffa\n\nbc\r\ndef');
  async function* pieces() {
    for (let begin = 0; begin < bytes.length; begin += 3) yield bytes.subarray(begin, begin + 3);
  }
  const given = [];
  const read = [];
  for await (const some of scanLines('elsewhere', { chunks: pieces() })) given.push(...some);
  for await (const some of scanLines(file)) read.push(...some);

  expect(given.map(({ bytes: own, ...place }) => [own.toString(), place])).toEqual(
    read.map(({ bytes: own, ...place }) => [own.toString(), place]),
  );
  expect(given).toHaveLength(4);
});
