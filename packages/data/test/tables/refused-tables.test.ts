import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type ReadTableOptions, readTable, TableError } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-file.ts';
import { madeByDuckDB } from './made-by-duckdb.ts';

const columns = { user: 'user', item: 'item', time: 'time' };
const head = 'user,item,time\n';

async function refusal(
  content: string | Buffer,
  name = 'table.csv',
  options: Partial<ReadTableOptions> = {},
): Promise<TableError> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  const error = await readTable(path, { columns, ...options }).then(
    () => new Error('it was read'),
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(TableError);
  return error as TableError;
}

test.each([
  ['a cell too few', `${head}ann,tea,1\nann,tea\n`, 3],
  ['a cell too many', `${head}ann,tea,1,2\n`, 2],
  ['a mark that is not closed', `${head}ann,"tea,1\nbob,cup,2\n`, 2],
  ['text behind a closed mark', `${head}"ann"x,tea,1\n`, 2],
  ['bytes that are not UTF-8', Buffer.from(`${head}ann,th\xe9,1\n`, 'latin1'), 2],
  ['no header', '', 1],
  ['a name twice', 'user,item,item,time\nann,tea,tea,1\n', 1],
  ['a header without end', '"user,item,time\nann,tea,1\n', 1],
])('%s: the line is named', async (_, content, line) => {
  expect((await refusal(content)).line).toBe(line);
});

test.each([
  ['no user', `${head}ann,tea,1\n,cup,2\n`, 2],
  ['an item between marks that is empty', `${head}ann,"",1\n`, 1],
  ['no time', `${head}ann,tea,\n`, 1],
  ['a time that is no number', `${head}ann,tea,1\nann,cup,soon\n`, 2],
  ['a time without end', `${head}ann,tea,inf\n`, 1],
  ['a time that is NaN', `${head}ann,tea,nan\n`, 1],
])('%s: the row is named, and what stands in it', async (_, content, row) => {
  const error = await refusal(content);

  expect([error.row, error.file]).toEqual([row, expect.stringContaining('table.csv')]);
});

test.each([
  ['a fraction', '{"user": 1.5, "item": "tea", "time": 1}'],
  ['a number that is not written as a whole one', '{"user": 1e3, "item": "tea", "time": 1}'],
  ['true', '{"user": true, "item": "tea", "time": 1}'],
  ['null', '{"user": null, "item": "tea", "time": 1}'],
  ['a list', '{"user": ["ann"], "item": "tea", "time": 1}'],
  ['nothing', '{"item": "tea", "time": 1}'],
])('in JSON, %s is no id', async (_, line) => {
  const good = '{"user": 7, "item": "tea", "time": 1}\n';

  expect((await refusal(`${good}${line}\n`, 'table.jsonl')).row).toBe(2);
});

test.each([
  ['that breaks off', '{"user": "ann", "item":'],
  ['with a key twice', '{"user": "ann", "user": "bob", "item": "tea", "time": 1}'],
  ['that is a list', '["ann", "tea", 1]'],
  ['that is not UTF-8', Buffer.from('{"user": "ann", "item": "th\xe9", "time": 1}', 'latin1')],
])('a line of JSON %s is named', async (_, line) => {
  const good = Buffer.from('{"user": 7, "item": "tea", "time": 1}\n');
  const content = Buffer.concat([good, Buffer.from(line), Buffer.from('\n')]);

  expect((await refusal(content, 'table.jsonl')).line).toBe(2);
});

test('ids that a program made fractions of are refused, with the type', async () => {
  const query = "select 1.0::double as user, 'tea' as item, 1 as time";
  const path = await madeByDuckDB('table.parquet', query, 'parquet');

  await expect(readTable(path, { columns })).rejects.toThrow(/texts or whole numbers, got DOUBLE/);
});

test('a column that is not there: those that are, and where its name is given', async () => {
  const error = await refusal('who,item,time\nann,tea,1\n');

  expect(error.message).toMatch(/"user" for user, got "who", "item", "time".*columns\.user/);
});

test('files of one pattern must have one header', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.csv'), `${head}ann,tea,1\n`);
  writeFileSync(join(folder, 'b.csv'), 'item,user,time\ntea,ann,1\n');
  const reading = readTable(join(folder, '*.csv'), { columns });

  await expect(reading).rejects.toMatchObject({ file: join(folder, 'b.csv'), line: 1 });
});

test('the file and its own row are named when one of several has a bad row', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'a.csv'), `${head}ann,tea,1\nann,cup,2\n`);
  writeFileSync(join(folder, 'b.csv'), `${head}bob,tea,1\nbob,,2\n`);
  const reading = readTable(join(folder, '*.csv'), { columns });

  await expect(reading).rejects.toMatchObject({ file: join(folder, 'b.csv'), row: 2 });
});

test.each([
  ['no such file', 'none.csv'],
  ['a pattern that nothing fits', 'none-*.csv'],
])('%s', async (_, name) => {
  const reading = readTable(join(temporaryFolder(), name), { columns });

  await expect(reading).rejects.toThrow(/expected a file, got none for/);
});

test('a name that says nothing of the format', async () => {
  expect((await refusal(head, 'table.xyz')).message).toMatch(/Give the format/);
});

test('a query that is not SQL', async () => {
  const error = await refusal(head, 'table.csv', { select: 'selekt * from source' });

  expect(error.message).toMatch(/Correct the query in select/);
});

const compressed = gzipSync(head + 'ann,tea,1\n'.repeat(5000));

test.each([
  ['cut at half its length', compressed.subarray(0, compressed.length >> 1)],
  ['cut before its checksum', compressed.subarray(0, -8)],
  ['cut by a byte', compressed.subarray(0, -1)],
  ['damaged', Buffer.from(compressed).fill(0, 40, 60)],
])('a gzip file %s', async (_, content) => {
  expect((await refusal(Buffer.from(content), 'table.csv.gz')).message).toMatch(/cut or damaged/);
});

test('a Zstandard file is read whole, and refused wherever it is cut', async () => {
  const query = `select i as "user", 'x' || i as item, i as time from range(40000) t(i)`;
  const whole = await madeByDuckDB('whole.csv.zst', query, 'csv, compression zstd');
  const bytes = readFileSync(whole);

  expect((await readTable(whole, { columns })).report.rows).toBe(40_000);
  for (const length of [0, 3, 20, bytes.length >> 1, bytes.length - 4, bytes.length - 1]) {
    const error = await refusal(bytes.subarray(0, length), 'cut.csv.zst');
    expect(error.message).toMatch(/cut or damaged/);
  }
});

test.each([
  ['a threshold without ratings', { minRating: 3 }, /needs a column of ratings/],
  ['a threshold that is none', { minRating: Number.NaN }, /must be a finite number, got NaN/],
])('%s', async (_, options, message) => {
  const path = join(temporaryFolder(), 'table.csv');
  writeFileSync(path, `${head}ann,tea,1\n`);

  await expect(readTable(path, { columns, ...options })).rejects.toThrow(message);
});
