import type { DuckDBConnection } from '@duckdb/node-api';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { badRow } from './bad-row.ts';
import { checkCompressed } from './check-compressed.ts';
import { withDuckDB } from './open-duckdb.ts';
import { placeRows } from './place-rows.ts';
import { idExpression, isWritten, numberExpression } from './projection.ts';
import { resolveLayout } from './resolve-layout.ts';
import { sqlName } from './sql-text.ts';
import { tableFailure } from './table-failure.ts';
import { tableFiles } from './table-files.ts';
import type { ReadTableOptions, TableReport } from './table-options.ts';
import { columnTypes, requireColumns, tableScan } from './table-source.ts';

/**
 * Reads interactions from CSV, JSON Lines or Parquet, plain or compressed by gzip or Zstandard, in one
 * file or many that are one table: `readTable('ratings/*.csv.gz', { columns: { user, item, time } })`.
 *
 * Ids are texts from the file on, so that none loses a digit or a leading zero. Sequences go by time,
 * and equal times keep the order of the table; without a column of times everything does. Moments
 * become seconds since 1970, without a zone in UTC. Users are numbered by first appearance, items too
 * unless every id is an integer, as in `readSequences`.
 *
 * Memory: 12 bytes an interaction and the ids for the result, `memoryLimit` for the reading, and disk
 * for what is beyond it.
 *
 * @param paths of files, or patterns with `*`, `**`, `?` and `[a-c]`
 * @throws {TableError} with file and line or row, if there is no file, it is cut, damaged or not written
 * as said, a column is not there or of another kind, or a row lacks an id, a time or a rating
 * @throws {Error} (marked as actionable) if @duckdb/node-api is not installed
 */
export async function readTable(
  paths: string | readonly string[],
  options: ReadTableOptions,
): Promise<{ dataset: SequenceDataset; report: TableReport }> {
  return withDuckDB(options, async (connection) => {
    try {
      const files = await tableFiles(connection, paths);
      for (const file of files) await checkCompressed(file, options.signal);
      return await readFiles(connection, files, options);
    } catch (error) {
      throw tableFailure(error);
    }
  });
}

async function readFiles(
  connection: DuckDBConnection,
  files: readonly string[],
  options: ReadTableOptions,
): Promise<{ dataset: SequenceDataset; report: TableReport }> {
  const { columns, select, minRating, signal, onProgress } = options;
  const layout = resolveLayout(files[0]!, options);
  const scan = (own: readonly string[]) => tableScan(connection, own, { layout, options });
  const relation = await scanOrQuery(connection, await scan(files), select);
  const types = await columnTypes(connection, relation);
  requireColumns(columns, { types, file: select === undefined ? files[0] : undefined });

  onProgress?.('reading', 0);
  await connection.run(
    `create table rows as ${await rowsQuery(connection, { relation, types, columns, minRating })}`,
  );
  const counted = await connection.runAndReadAll(
    'select count(*), count(*) filter (where kept), min(rowid) filter (where bad) from rows',
  );
  const [rows, kept, bad] = counted.getRows()[0]!;
  if (bad !== null) {
    const scans = new Map(
      await Promise.all(files.map(async (file) => [file, await scan([file])] as const)),
    );
    const scanOf = select === undefined ? (file: string) => scans.get(file)! : undefined;
    const source = { connection, relation, files, columns, scanOf };
    throw await badRow(source, Number(bad));
  }
  const hasTimes = columns.time !== undefined;
  const dataset = await placeRows(connection, {
    hasTimes,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  return { dataset, report: { files, rows: Number(rows), kept: Number(kept) } };
}

/** What rows are read from, as it stands behind `from`. */
async function scanOrQuery(
  connection: DuckDBConnection,
  scan: string,
  select: string | undefined,
): Promise<string> {
  if (select === undefined) return scan;
  await connection.run(`create view source as select * from ${scan}`);
  return `(${select})`;
}

async function rowsQuery(
  connection: DuckDBConnection,
  {
    relation,
    types,
    columns,
    minRating,
  }: {
    relation: string;
    types: ReadonlyMap<string, string>;
    columns: ReadTableOptions['columns'];
    minRating: number | undefined;
  },
): Promise<string> {
  const { user, item, time, rating } = columns;
  const used = [`${idExpression(user, types.get(user)!)} as "user"`];
  used.push(`${idExpression(item, types.get(item)!)} as item`);
  const needed = ['"user"', 'item'];
  if (time !== undefined) {
    const form = await writtenAs(connection, { relation, name: time, type: types.get(time)! });
    used.push(`${numberExpression(time, types.get(time)!, form)} as time`);
    needed.push('time');
  }
  if (rating !== undefined && minRating !== undefined) {
    used.push(`${numberExpression(rating, types.get(rating)!)} as rating`);
    needed.push('rating');
  }
  const kept = needed.includes('rating')
    ? `coalesce(rating >= ${Number(minRating)}, false)`
    : 'true';
  const bad = needed.map((name) => `${name} is null`).join(' or ');
  const left = needed.filter((name) => name !== 'rating').join(', ');
  return `select ${left}, ${kept} as kept, ${bad} as bad from (select ${used.join(', ')} from ${relation})`;
}

/** Whether a column of texts begins with a number or something else. */
async function writtenAs(
  connection: DuckDBConnection,
  { relation, name, type }: { relation: string; name: string; type: string },
): Promise<'number' | 'moment'> {
  if (!isWritten(type)) return 'number';
  const column = type === 'JSON' ? `(${sqlName(name)}->>'$')` : sqlName(name);
  const read = await connection.runAndReadAll(
    `select try_cast(${column} as double) is null and try_cast(${column} as timestamptz) is not null ` +
      `from ${relation} where ${column} is not null limit 1`,
  );
  return read.getRows()[0]?.[0] === true ? 'moment' : 'number';
}
