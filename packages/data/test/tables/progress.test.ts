import { readTable, type TableStep } from '@rodpo/data';
import { expect, test } from 'vitest';
import { madeByDuckDB } from './made-by-duckdb.ts';

const columns = { user: 'user', item: 'item' };
/** More than DuckDB reads ahead. */
const rows = 1_000_000;
/** Of several groups of users, so that it's more than one moment in which they are placed. */
const made = () =>
  madeByDuckDB(
    'table.parquet',
    `select 'u' || (i % 50000) as user, 'i' || (i % 997) as item from range(${rows}) t(i)`,
    'parquet',
  );

test('it is told as the reading goes on, and then as rows are placed', async () => {
  const path = await made();
  const told: [TableStep, number][] = [];

  await readTable(path, { columns, onProgress: (step, share) => told.push([step, share]) });

  const sharesOf = (step: TableStep) => told.filter(([own]) => own === step).map(([, own]) => own);
  for (const step of ['reading', 'placing'] as const) {
    const shares = sharesOf(step);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
    expect(new Set(shares).size).toBeGreaterThan(2);
  }
  expect(told.map(([step]) => step)).toEqual(
    told
      .map(([step]) => step)
      .sort()
      .reverse(),
  );
});

test.each<TableStep>(['reading', 'placing'])('it can be ended while %s', async (step) => {
  const path = await made();
  const controller = new AbortController();
  let told = 0;
  const reading = readTable(path, {
    columns,
    signal: controller.signal,
    onProgress: (own) => {
      if (own === step && ++told === 2) controller.abort();
    },
  });

  await expect(reading).rejects.toThrow(/aborted/);
  expect(told).toBe(2);
});
