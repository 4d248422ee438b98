import { DataFormatError, readInter, readSequences } from '@rodpo/data';
import { expect, test } from 'vitest';
import { temporaryFile } from './temporary-file.ts';

/** Colours, a cleared screen, a bell and a changed title, a million characters long. */
const hostile = '\u001b[31m\u001b[2J\u0007\u001b]0;owned\u0007'.padEnd(1_000_000, 'x');
const header = 'user_id:token\titem_id:token\ttimestamp:float\n';
const wide = Array.from({ length: 250_000 }, (_, column) => `${column}\u001b[1m:token`).join('\t');

test.each([
  ['a user twice', () => readSequences(temporaryFile(`${hostile} 1\n${hostile} 2\n`))],
  ['a user alone', () => readSequences(temporaryFile(`${hostile}\n`))],
  ['no header', () => readInter(temporaryFile(`${hostile}\t1\n`))],
  ['no column', () => readInter(temporaryFile(`${hostile}:token\n`))],
  ['a name of a column', () => readInter(temporaryFile(header), { user: hostile })],
  ['very many columns', () => readInter(temporaryFile(`${wide}\n`))],
  ['a time', () => readInter(temporaryFile(`${header}u\ti\t${hostile}\n`))],
  ['no item', () => readInter(temporaryFile(`${header}${hostile}\t\t1\n`))],
])('a message about %s is short, and no terminal acts on it', async (_name, read) => {
  const error = await read().catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(DataFormatError);
  const { message } = error as DataFormatError;
  expect(message.length).toBeLessThan(2000);
  expect(message).not.toMatch(/\p{Cc}/u);
});
