import { setImmediate } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { actionable } from '@rodpo/errors';
import type { FlatDataset } from '../dataset/flat-dataset.ts';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { taken } from '../interactions/intake-report.ts';
import { badRow } from './bad-row.ts';
import { checkCompressed } from './check-compressed.ts';
import { gatherRows, type TableRows } from './gather-rows.ts';
import { withDuckDB } from './open-duckdb.ts';
import { isMoment, isWritten, numberExpression } from './projection.ts';
import { resolveLayout } from './resolve-layout.ts';
import { rowsQuery, type TimeColumn } from './rows-query.ts';
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
 * The table is gone through once. Memory: 12 bytes an interaction and the ids for the result, 14 an
 * interaction for the reading, and `memoryLimit` for DuckDB.
 *
 * Ids are told apart by hashes of 96 bits: that two of 20 million are taken for one has a probability of
 * 3 in 10¹⁵.
 *
 * @param paths of files, or patterns with `*`, `**`, `?` and `[a-c]`
 * @throws {TableError} with file and line or row, if there is no file, it is cut, damaged or not written
 * as said, a column is not there or of another kind, or a row lacks an id, a time or a rating
 * @throws {RangeError} (marked as actionable) if `minRating` is no number, or no column has ratings
 * @throws {TimesMissingError} if a time unit is named and there is no column of times
 * @throws {Error} (marked as actionable) if @duckdb/node-api is not installed
 */
export async function readTable(
  paths: string | readonly string[],
  options: ReadTableOptions,
): Promise<{ dataset: SequenceDataset; report: TableReport }> {
  const read = await withDuckDB(options, async (connection) => {
    try {
      const files = await tableFiles(connection, paths);
      for (const file of files) await checkCompressed(file, options.signal);
      return await readFiles(connection, files, options);
    } catch (error) {
      throw tableFailure(error);
    }
  });
  const { files, rows, kept, isMoment } = read;
  const { dataset, report } = taken(await laidOut(read, options), {
    rows,
    kept,
    timeUnit: isMoment ? 'seconds' : (options.timeUnit ?? 'auto'),
  });
  return { dataset, report: { ...report, files } };
}

/** When DuckDB and its memory are gone. */
async function laidOut(
  { gathered, userIds, itemIds }: TableRows,
  { signal, onProgress }: ReadTableOptions,
): Promise<FlatDataset> {
  const laying = gathered.layOut(userIds, itemIds);
  for (;;) {
    const { value, done } = laying.next();
    if (done) return value;
    onProgress?.('placing', value);
    await setImmediate();
    signal?.throwIfAborted();
  }
}

interface FilesRead extends TableRows {
  readonly files: readonly string[];
  /** Whether times are dates, and so in seconds. */
  readonly isMoment: boolean;
}

async function readFiles(
  connection: DuckDBConnection,
  files: readonly string[],
  options: ReadTableOptions,
): Promise<FilesRead> {
  const { columns, select, minRating, signal, onProgress } = options;
  requireRatings(options);
  const layout = resolveLayout(files[0]!, options);
  const scan = (own: readonly string[]) => tableScan(connection, own, { layout, options });
  const relation = await scanOrQuery(connection, await scan(files), select);
  const types = await columnTypes(connection, relation);
  requireColumns(columns, { types, file: select === undefined ? files[0] : undefined });

  onProgress?.('reading', 0);
  const time = await timeColumn(connection, { relation, types, name: columns.time });
  const query = rowsQuery({ relation, types, columns, minRating, time });
  let share = 0;
  const found = await gatherRows(connection, query, {
    hasTimes: time !== undefined,
    onRows: () => {
      signal?.throwIfAborted();
      // DuckDB forgets how far it is when it has scanned all, some chunks before the last one.
      share = Math.max(share, connection.progress.percentage / 100);
      onProgress?.('reading', share);
    },
  });
  if (found.isBad) {
    const scans = new Map(
      await Promise.all(files.map(async (file) => [file, await scan([file])] as const)),
    );
    const scanOf = select === undefined ? (file: string) => scans.get(file)! : undefined;
    throw await badRow({ connection, relation, files, columns, scanOf }, found.rows);
  }
  return { ...found, files, isMoment: time?.isMoment ?? false };
}

/** What rows are read from, as it stands behind `from`. */
async function scanOrQuery(
  connection: DuckDBConnection,
  scan: string,
  select: string | undefined,
): Promise<string> {
  if (select === undefined) return scan;
  await connection.run(`create view source as select * from ${scan}`);
  // A semicolon ends a statement, and this is part of one; a comment would take in what comes behind it.
  return `(${select.replace(/[;\s]+$/, '')}\n)`;
}

/** @throws {RangeError} (marked as actionable) for a threshold without ratings, or that is no number */
function requireRatings({ columns, minRating }: ReadTableOptions): void {
  if (minRating === undefined) return;
  const isNumber = Number.isFinite(minRating);
  if (isNumber && columns.rating !== undefined) return;
  throw actionable(
    new RangeError(
      isNumber
        ? 'minRating needs a column of ratings, got none. Name it in columns.rating.'
        : `minRating must be a finite number, got ${minRating}. Leave it out for all.`,
    ),
  );
}

async function timeColumn(
  connection: DuckDBConnection,
  {
    relation,
    types,
    name,
  }: { relation: string; types: ReadonlyMap<string, string>; name: string | undefined },
): Promise<TimeColumn | undefined> {
  if (name === undefined) return undefined;
  const type = types.get(name)!;
  const form = await writtenAs(connection, { relation, name, type });
  return { expression: numberExpression(name, type, form), isMoment: form === 'moment' };
}

/** What the cells of a column are; of texts, the first one says it. */
async function writtenAs(
  connection: DuckDBConnection,
  { relation, name, type }: { relation: string; name: string; type: string },
): Promise<'number' | 'moment'> {
  if (isMoment(type)) return 'moment';
  if (!isWritten(type)) return 'number';
  const column = type === 'JSON' ? `(${sqlName(name)}->>'$')` : sqlName(name);
  const read = await connection.runAndReadAll(
    `select try_cast(${column} as double) is null and try_cast(${column} as timestamptz) is not null ` +
      `from ${relation} where ${column} is not null limit 1`,
  );
  return read.getRows()[0]?.[0] === true ? 'moment' : 'number';
}
