import type { DuckDBConnection } from '@duckdb/node-api';
import { actionable } from '@rodpo/errors';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { taken } from '../interactions/intake-report.ts';
import { badRow } from './bad-row.ts';
import { checkCompressed } from './check-compressed.ts';
import { withDuckDB } from './open-duckdb.ts';
import { placeRows } from './place-rows.ts';
import { idExpression, isMoment, isWritten, numberExpression } from './projection.ts';
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
 * @throws {RangeError} (marked as actionable) if `minRating` is no number, or no column has ratings
 * @throws {TimesMissingError} if a time unit is named and there is no column of times
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
  const { columns, select, minRating, timeUnit = 'auto', signal, onProgress } = options;
  requireRatings(options);
  const layout = resolveLayout(files[0]!, options);
  const scan = (own: readonly string[]) => tableScan(connection, own, { layout, options });
  const relation = await scanOrQuery(connection, await scan(files), select);
  const types = await columnTypes(connection, relation);
  requireColumns(columns, { types, file: select === undefined ? files[0] : undefined });

  onProgress?.('reading', 0);
  const time = await timeColumn(connection, { relation, types, name: columns.time });
  await connection.run(
    `create table rows as ${rowsQuery({ relation, types, columns, minRating, time })}`,
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
  const raw = await placeRows(connection, {
    hasTimes: time !== undefined,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  const { dataset, report } = taken(raw, {
    rows: Number(rows),
    kept: Number(kept),
    timeUnit: time?.isMoment ? 'seconds' : timeUnit,
  });
  return { dataset, report: { ...report, files } };
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

interface TimeColumn {
  readonly expression: string;
  /** Whether its values are dates, and the expression seconds since 1970. */
  readonly isMoment: boolean;
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

function rowsQuery({
  relation,
  types,
  columns: { user, item, rating },
  minRating,
  time,
}: {
  relation: string;
  types: ReadonlyMap<string, string>;
  columns: ReadTableOptions['columns'];
  minRating: number | undefined;
  time: TimeColumn | undefined;
}): string {
  const used = new Map([
    ['"user"', idExpression(user, types.get(user)!)],
    ['item', idExpression(item, types.get(item)!)],
  ]);
  if (time) used.set('time', time.expression);
  const isRated = rating !== undefined && minRating !== undefined;
  if (isRated) used.set('rating', numberExpression(rating, types.get(rating)!));
  const names = [...used.keys()];
  const kept = isRated ? `coalesce(rating >= ${minRating}, false)` : 'true';
  const bad = names.map((name) => `${name} is null`).join(' or ');
  const left = names.filter((name) => name !== 'rating').join(', ');
  const read = [...used].map(([name, expression]) => `${expression} as ${name}`).join(', ');
  return `select ${left}, ${kept} as kept, ${bad} as bad from (select ${read} from ${relation})`;
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
