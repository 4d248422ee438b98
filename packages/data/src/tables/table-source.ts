import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteList } from '@rodpo/errors';
import { csvHeader } from './csv-header.ts';
import type { ResolvedLayout } from './resolve-layout.ts';
import { sqlFile, sqlFiles, sqlName, sqlText } from './sql-text.ts';
import { TableError } from './table-error.ts';
import type { ReadTableOptions } from './table-options.ts';

/** In no text that people write: to read whole lines, and to let no cell stand for nothing but ''. */
const never = '\u001e';

/**
 * An expression of SQL that scans the files. Nothing about them is guessed: DuckDB's detection drops
 * rows that it takes for a preamble, makes numbers of ids, and decides anew for each file.
 */
export async function tableScan(
  connection: DuckDBConnection,
  files: readonly string[],
  { layout, options }: { layout: ResolvedLayout; options: ReadTableOptions },
): Promise<string> {
  if (layout.format === 'parquet') return `read_parquet(${sqlFiles(files)})`;
  if (layout.format === 'csv')
    return csvScan(files, layout, await csvNames(connection, files, layout));
  if (options.select !== undefined) return `read_ndjson_objects(${sqlFiles(files)})`;
  const names = new Set(Object.values(options.columns) as string[]);
  const columns = [...names].map((name) => `${sqlText(name)}: 'JSON'`).join(', ');
  return `read_json(${sqlFiles(files)}, format = 'newline_delimited', columns = {${columns}})`;
}

function csvScan(
  files: readonly string[],
  layout: ResolvedLayout,
  names: readonly string[],
): string {
  const columns = names.map((name) => `${sqlText(name)}: 'VARCHAR'`).join(', ');
  return (
    `read_csv(${sqlFiles(files)}, ${csvDialect(layout)}, nullstr = ${sqlText(never)}, ` +
    `skip = ${layout.names ? 0 : 1}, columns = {${columns}})`
  );
}

function csvDialect({ delimiter, quote, encoding }: ResolvedLayout, strict = true): string {
  return (
    `auto_detect = false, header = false, strict_mode = ${strict}, delim = ${sqlText(delimiter)}, ` +
    `quote = ${sqlText(quote)}, escape = ${sqlText(quote)}, encoding = ${sqlText(encoding)}`
  );
}

/** The names of the columns, which all files must have in the same order. */
async function csvNames(
  connection: DuckDBConnection,
  files: readonly string[],
  layout: ResolvedLayout,
): Promise<readonly string[]> {
  if (layout.names) return layout.names;
  let first: string[] | undefined;
  for (const file of files) {
    const names = csvHeader(file, await firstLine(connection, file, layout), layout);
    first ??= names;
    if (names.length === first.length && names.every((name, place) => name === first![place])) {
      continue;
    }
    throw new TableError(
      { file, line: 1 },
      `expected the header of ${files[0]}, ${quoteList(first)}, got ${quoteList(names)}. Give all ` +
        'files the same columns in the same order, or read them one by one.',
    );
  }
  return first!;
}

async function firstLine(
  connection: DuckDBConnection,
  file: string,
  { encoding }: ResolvedLayout,
): Promise<string> {
  const line = { format: 'csv', delimiter: never, quote: '', names: undefined, encoding } as const;
  // Other lines may hold what only their marks make right.
  const dialect = csvDialect(line, false);
  const lines = await connection.runAndReadAll(
    `select line from read_csv(${sqlFile(file)}, ${dialect}, columns = {'line': 'VARCHAR'}) limit 1`,
  );
  const [[text] = []] = lines.getRows();
  if (typeof text === 'string') return text;
  throw new TableError({ file, line: 1 }, 'expected a header, got an empty file. Add the header.');
}

/** The columns of a table or query by name, with their types. */
export async function columnTypes(
  connection: DuckDBConnection,
  relation: string,
): Promise<ReadonlyMap<string, string>> {
  const described = await connection.runAndReadAll(`describe select * from ${relation}`);
  return new Map(described.getRows().map(([name, type]) => [String(name), String(type)]));
}

/** @throws {TableError} if the table lacks a column that `columns` names */
export function requireColumns(
  columns: ReadTableOptions['columns'],
  { types, file }: { types: ReadonlyMap<string, string>; file: string | undefined },
): void {
  for (const [role, name] of Object.entries(columns) as [string, string | undefined][]) {
    if (name === undefined || types.has(name)) continue;
    throw new TableError(
      file === undefined ? {} : { file },
      `expected a column ${sqlName(name)} for ${role}, got ${quoteList([...types.keys()])}. Give the ` +
        `name of the column in columns.${role}.`,
    );
  }
}
