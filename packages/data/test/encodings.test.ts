import { writeFileSync } from 'node:fs';
import { DataFormatError, readInter, readSequences } from '@rodpo/data';
import { expect, test } from 'vitest';
import { temporaryFile } from './temporary-file.ts';

function bytesFile(bytes: Uint8Array): string {
  const path = temporaryFile('');
  writeFileSync(path, bytes);
  return path;
}

/** Latin-1: each of these letters is one byte, and none of those bytes is UTF-8. */
const latin = (text: string) => bytesFile(Buffer.from(text, 'latin1'));

test.each([
  ['sequences', () => readSequences(latin('ann tea\nbob th\u00e9 th\u00e8\n'))],
  ['inter', () => readInter(latin('user_id:token\titem_id:token\n\nZo\u00eb\ttea\nZo\u00e9\ttea'))],
  ['UTF-16', () => readSequences(bytesFile(Buffer.from('\ufeffann tea\n', 'utf16le')))],
  ['a surrogate', () => readSequences(bytesFile(Buffer.of(0x61, 0x20, 0xed, 0xa0, 0x80)))],
  ['half a letter', () => readSequences(bytesFile(Buffer.of(0x61, 0x20, 0xc3)))],
])('%s that is not UTF-8 is refused, and no ids are merged', async (_name, read) => {
  const error = await read().catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(DataFormatError);
  const { file, line, message } = error as DataFormatError;
  expect(message.startsWith(`${file}:${line}: expected text in UTF-8`)).toBe(true);
});

test('the line is the one that is wrong', async () => {
  await expect(readSequences(latin('ann tea\n\nbob th\u00e9\n'))).rejects.toMatchObject({
    line: 3,
  });
});

test('other letters than ASCII are kept apart, composed or not', async () => {
  const ids = ['caf\u00e9', 'cafe\u0301', '\u{1f353}', '\u8336', '\ufffd'];

  const { itemIds } = await readSequences(temporaryFile(`u ${ids.join(' ')}\n`));

  expect(itemIds).toEqual(ids);
});

test('a line that no string can hold is refused before it is in memory', async () => {
  const path = bytesFile(Buffer.alloc(65 << 20, 'a'));

  await expect(readSequences(path)).rejects.toThrow(/:1: expected lines of at most 67108864 bytes/);
});
