import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ReadTableOptions, readTable } from '../../src/index.ts';
import { temporaryFolder } from '../temporary-file.ts';
import { madeByDuckDB } from './made-by-duckdb.ts';
import { naiveDataset, type Row } from './naive-dataset.ts';

const columns = { user: 'user', item: 'item', time: 'time' };

async function read(text: string | Buffer, name: string, options: Partial<ReadTableOptions> = {}) {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return (await readTable(path, { columns, ...options })).dataset;
}

const parquet = (query: string) => madeByDuckDB('table.parquet', query, 'parquet');

const rows: Row[] = [
  { user: '007', item: 'tea', time: 30 },
  { user: '7', item: 'cup', time: 10 },
  { user: '007', item: 'pot', time: 20 },
  { user: '007', item: 'cup', time: 20 },
  { user: '12345678901234567890123', item: 'tea', time: 5 },
];
const expected = naiveDataset(rows);
const lines = (cells: (row: Row) => string) => rows.map(cells).join('\n');
const header = (delimiter: string) => `user${delimiter}item${delimiter}time\n`;

test.each([
  [
    'table.csv',
    header(',') + lines(({ user, item, time }) => `${user},"${item}",${time}`),
    undefined,
  ],
  [
    'table.tsv',
    header('\t') + lines(({ user, item, time }) => `${user}\t${item}\t${time}`),
    undefined,
  ],
  [
    'table.dat',
    lines(({ user, item, time }) => `${user}::${item}::${time}`),
    { names: ['user', 'item', 'time'] },
  ],
  ['table.jsonl', lines((row) => JSON.stringify(row)), undefined],
  ['table.csv.gz', gzipSync(header(',') + lines((row) => Object.values(row).join())), undefined],
] as const)('%s is read as it stands', async (name, content, layout) => {
  expect(await read(content as string | Buffer, name, layout)).toEqual(expected);
});

test('Parquet is read as it stands', async () => {
  const values = rows.map(({ user, item, time }) => `('${user}', '${item}', ${time})`).join();
  const path = await parquet(`select * from (values ${values}) rows("user", item, time)`);

  expect((await readTable(path, { columns })).dataset).toEqual(expected);
});

const id = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme', maxLength: 8 }),
  fc.stringMatching(/^[,"\n\r \t0-9a]{1,4}$/),
  fc.integer({ min: 0, max: 20 }).map(String),
);
const table = fc.array(fc.record({ user: id, item: id, time: fc.integer({ min: -5, max: 5 }) }), {
  minLength: 1,
  maxLength: 60,
});
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

test('whatever ids hold, CSV and JSON Lines give the interactions that were written', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (own) => {
      const csv = own.map(({ user, item, time }) => `${cell(user)},${cell(item)},${time}\n`);
      const jsonl = own.map((row) => `${JSON.stringify(row)}\n`);
      const wanted = naiveDataset(own);

      expect(await read(header(',') + csv.join(''), 'table.csv')).toEqual(wanted);
      expect(await read(jsonl.join(''), 'table.jsonl')).toEqual(wanted);
    }),
    { numRuns: 20 },
  );
});

test('many rows on several threads keep the order of the file among equal times', async () => {
  const many = Array.from({ length: 300_000 }, (_, row) => ({
    user: `u${(row * 7919) % 997}`,
    item: `i${(row * 104729) % 1009}`,
    time: row % 3,
  }));
  const text = many.map(({ user, item, time }) => `${user},${item},${time}\n`).join('');
  const dataset = await read(header(',') + text, 'many.csv', { threads: 2 });
  const ofOne = many.filter(({ user }) => user === 'u5').sort((a, b) => a.time - b.time);

  const items = [...dataset.sequences.at(dataset.userIds.indexOf('u5'))!];
  expect(items.map((item) => dataset.itemIds[item])).toEqual(ofOne.map(({ item }) => item));
  expect(dataset.userIds.slice(0, 2)).toEqual(['u0', 'u940']);
});

test('without a column of times the order of the file is the order', async () => {
  const path = join(temporaryFolder(), 'table.csv');
  writeFileSync(path, 'user,item\nann,tea\nbob,cup\nann,cup\nann,tea\n');
  const { dataset } = await readTable(path, { columns: { user: 'user', item: 'item' } });

  expect(dataset).toEqual({
    userIds: ['ann', 'bob'],
    itemIds: ['tea', 'cup'],
    sequences: [Int32Array.of(0, 1, 0), Int32Array.of(1)],
  });
});

test('files of a pattern are one table, by their names', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'b.csv'), `${header(',')}ann,second,1\n`);
  writeFileSync(join(folder, 'a.csv'), `${header(',')}ann,first,1\n`);
  const { dataset, report } = await readTable(join(folder, '*.csv'), { columns });

  expect(dataset.itemIds).toEqual(['first', 'second']);
  expect(report).toEqual({
    files: [join(folder, 'a.csv'), join(folder, 'b.csv')],
    rows: 2,
    kept: 2,
    users: 1,
    items: 2,
    tiedShare: 1,
  });
});

test('interactions with a low rating are left out, and counted', async () => {
  const path = join(temporaryFolder(), 'table.csv');
  writeFileSync(path, 'user,item,stars\nbob,jam,1\nann,tea,4\nann,cup,3.5\nann,pot,5\n');
  const { dataset, report } = await readTable(path, {
    columns: { user: 'user', item: 'item', rating: 'stars' },
    minRating: 4,
  });

  expect([dataset.userIds, dataset.itemIds]).toEqual([['ann'], ['tea', 'pot']]);
  expect(report).toMatchObject({ rows: 4, kept: 2 });
});

test.each([
  ["timestamp '2024-01-01 00:00:01'", 1704067201],
  ["date '2024-01-01'", 1704067200],
  ["timestamptz '2024-01-01 01:00:00+01'", 1704067200],
  ['1704067200::bigint', 1704067200],
])('a column of %s becomes seconds', async (time, seconds) => {
  const path = await parquet(`select 'ann' as user, 'tea' as item, ${time} as time`);

  expect((await readTable(path, { columns })).dataset.times).toEqual([Float64Array.of(seconds)]);
});

test('dates that are written out become seconds', async () => {
  const text = `${header(',')}ann,tea,2024-01-01T00:00:01Z\nann,cup,2024-01-01 00:00:00\n`;

  expect((await read(text, 'table.csv')).times).toEqual([Float64Array.of(1704067200, 1704067201)]);
});

test('a query stands between the table and what is read', async () => {
  const text = '{"who": {"id": 7}, "bought": ["tea", "cup"], "at": 5}\n';
  const dataset = await read(text, 'table.jsonl', {
    select:
      "select json->>'$.who.id' as user, unnest((json->'$.bought')::varchar[]) as item, " +
      "json->'$.at' as time from source",
  });

  expect(dataset).toEqual({
    userIds: ['7'],
    itemIds: ['tea', 'cup'],
    sequences: [Int32Array.of(0, 1)],
    times: [Float64Array.of(5, 5)],
  });
});

test.each([';', ' ;\n', '; ;', ' -- all of it', ' -- all of it;\n'])(
  'a query may end as a statement does: %j',
  async (end) => {
    const text = `${header(',')}ann,tea,1\n`;
    const select = `select * from source${end}`;

    expect((await read(text, 'table.csv', { select })).itemIds).toEqual(['tea']);
  },
);

test('Latin-1 is read where it is said', async () => {
  const text = Buffer.from(`${header(',')}zoë,thé,1\n`, 'latin1');

  expect((await read(text, 'table.csv', { encoding: 'latin-1' })).userIds).toEqual(['zoë']);
});

test('reading ends when it is aborted', async () => {
  const path = join(temporaryFolder(), 'table.csv');
  writeFileSync(path, header(','));
  const signal = AbortSignal.abort();

  await expect(readTable(path, { columns, signal })).rejects.toThrow(/aborted/);
});

test.each([
  ['1588687728923', 'auto', 1588687728.923, 'milliseconds'],
  ['1588687728', 'auto', 1588687728, 'seconds'],
  ['7', 'auto', 7, undefined],
  ['7000', 'milliseconds', 7, 'milliseconds'],
  ['2020-05-05T14:08:48Z', 'milliseconds', 1588687728, 'seconds'],
] as const)('a time of %s, its unit %s', async (cell, timeUnit, seconds, unit) => {
  const path = join(temporaryFolder(), 'table.csv');
  writeFileSync(path, `${header(',')}ann,tea,${cell}\n`);
  const { dataset, report } = await readTable(path, { columns, timeUnit });

  expect([dataset.times!.at(0)![0], report.timeUnit]).toEqual([seconds, unit]);
});
