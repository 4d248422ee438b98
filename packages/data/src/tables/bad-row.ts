import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '@rodpo/errors';
import { sqlName, sqlText } from './sql-text.ts';
import { TableError, type TablePlace } from './table-error.ts';
import type { TableColumns } from './table-options.ts';

export interface RowSource {
  readonly connection: DuckDBConnection;
  /** What the rows were read from, as SQL writes it. */
  readonly relation: string;
  readonly files: readonly string[];
  readonly columns: TableColumns;
  /** A scan of one of the files; undefined where a query stands between, and rows are its own. */
  readonly scanOf: ((file: string) => string) | undefined;
}

/** What is wrong with a row that has no id, time or rating. The row is counted from 0 over all files. */
export async function badRow(source: RowSource, row: number): Promise<TableError> {
  const { connection, relation, columns } = source;
  const roles = Object.entries(columns) as [keyof TableColumns, string][];
  const cells = roles.map(([role, name]) => `${sqlName(name)}::varchar as ${sqlName(role)}`);
  const read = await connection.runAndReadAll(
    `select ${cells.join(', ')} from ${relation} limit 1 offset ${row}`,
  );
  const found = roles
    .map(([role], place) => `${role} ${shown(read.getRows()[0]?.[place])}`)
    .join(', ');
  return new TableError(
    await placeOf(source, row),
    `expected ${roles.map(([role]) => wanted[role]).join(', ')}, got ${found}. Correct the row, ` +
      'remove it, or leave such rows out by select.',
  );
}

const wanted: Readonly<Record<keyof TableColumns, string>> = {
  user: "a user's id",
  item: "an item's id",
  time: 'a time that is a finite number or a date',
  rating: 'a rating that is a finite number',
};

const shown = (cell: unknown): string => (cell === null ? 'nothing' : quote(String(cell)));

async function placeOf({ connection, files, scanOf }: RowSource, row: number): Promise<TablePlace> {
  if (scanOf === undefined) return { row: row + 1 };
  let before = 0;
  for (const file of files) {
    const counted = await connection.runAndReadAll(`select count(*) from ${scanOf(file)}`);
    const count = Number(counted.getRows()[0]![0]);
    if (row < before + count) return { file, row: row - before + 1 };
    before += count;
  }
  throw new TypeError(`Row ${row} is in none of ${sqlText(files.join(', '))}.`);
}
