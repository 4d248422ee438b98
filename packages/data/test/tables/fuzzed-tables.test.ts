import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isActionable } from '@rodpo/errors';
import { seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';
import { readTable } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-file.ts';
import { naiveCsv } from './naive-csv.ts';
import { naiveDataset, type Row } from './naive-dataset.ts';

/** `RODPO_FUZZ=1000` tries more than the suite does. */
const count = Number(process.env.RODPO_FUZZ ?? 200);
const columns = { user: 'user', item: 'item', time: 'time' };

const random = seededRandom(20_261);
const below = (end: number) => Math.floor(random() * end);
const oneOf = <Value>(values: readonly Value[]) => values[below(values.length)]!;

const ids = [
  '7',
  '07',
  ' 7',
  '7 ',
  '1e3',
  '12345678901234567890',
  '-0',
  'ann',
  'Ann',
  'zoë',
  'NA',
  'null',
];
const junk = [
  ',',
  '"',
  '""',
  '\n',
  '\r\n',
  '\r',
  '\t',
  '\0',
  '\\',
  "'",
  '{',
  '}',
  ':',
  'NaN',
  '[',
  '😀',
  '\u2028',
  '\xff',
  '',
];

const rowsOf = () =>
  Array.from(
    { length: 1 + below(6) },
    (): Row => ({
      user: oneOf(ids),
      item: oneOf(ids),
      time: below(100),
    }),
  );

/** Puts junk in, takes bytes out, or doubles a part, once to three times. */
function damaged(bytes: Buffer): Buffer {
  let result = bytes;
  for (let times = 1 + below(3); times > 0; times--) {
    const [from, to] = [below(result.length + 1), below(result.length + 1)].sort((a, b) => a - b);
    const middle = [
      Buffer.from(oneOf(junk), 'latin1'),
      Buffer.from(oneOf(junk)),
      Buffer.concat([result.subarray(from, to), result.subarray(from, to)]),
      Buffer.alloc(0),
    ][below(4)]!;
    const isInsertion = below(2) === 0;
    const end = isInsertion ? from! : Math.min(to!, from! + 4);
    result = Buffer.concat([result.subarray(0, from), middle, result.subarray(end)]);
  }
  return result;
}

/** Line by line, by JavaScript's own reader. */
function naiveJson(text: string): Row[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const { user, item, time } = JSON.parse(line);
    return { user: String(user), item: String(item), time: Number(time) };
  });
}

test(
  `${count} malformed tables are refused by file and place, or read as they stand`,
  async () => {
    const folder = temporaryFolder();
    const outcomes = { read: 0, refused: 0 };
    for (let trial = 0; trial < count; trial++) {
      const rows = rowsOf();
      const isJson = trial % 2 === 1;
      const text = isJson
        ? rows.map((row) => `${JSON.stringify(row)}\n`).join('')
        : `user,item,time\n${rows.map((row) => `${row.user},${row.item},${row.time}\n`).join('')}`;
      const bytes = damaged(Buffer.from(text));
      const path = join(folder, `table-${trial}.${isJson ? 'jsonl' : 'csv'}`);
      writeFileSync(path, bytes);
      const read = await readTable(path, { columns, threads: 1 }).catch((error: unknown) => {
        expect(error, bytes.toString('latin1')).toSatisfy(isActionable);
        return undefined;
      });
      outcomes[read ? 'read' : 'refused']++;
      if (!read) continue;
      const rowsRead = isJson ? naiveJson(bytes.toString()) : naiveCsv(bytes.toString());
      expect(read.dataset, bytes.toString('latin1')).toEqual(naiveDataset(rowsRead));
    }
    // Both happen, or nothing was tried.
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(count / 10);
  },
  count * 600,
);
