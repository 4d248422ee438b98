import { type FileHandle, open } from 'node:fs/promises';
import { extname } from 'node:path';
import { quote, quoteList } from '@rodpo/errors';
import { type Line, scanLines } from '@rodpo/files';
import type { ItemTableOptions } from './item-table.ts';
import { ItemTableError } from './item-table-error.ts';
import {
  delimitedFormat,
  type ItemRow,
  jsonLinesFormat,
  type TableFormat,
} from './table-format.ts';

/** Where the rows of a table are: a sparse index by which any of them is soon found. */
export interface TableIndex {
  readonly format: TableFormat;
  readonly itemCount: number;
  /** The first of so many rows each has its place noted. */
  readonly places: readonly Pick<Line, 'offset' | 'number'>[];
  /** To notice that the file was changed. */
  readonly size: number;
  readonly modified: number;
}

export const rowsPerPlace = 256;

/**
 * Reads a table once, line by line.
 *
 * @throws {ItemTableError} if a column is missing, an id is empty or occurs twice, or a line is
 * not a row
 */
export async function indexTable(file: string, options: ItemTableOptions): Promise<TableIndex> {
  const handle = await openTable(file);
  try {
    const { size, mtimeMs: modified } = await handle.stat();
    return { ...(await indexLines(file, handle, options)), size, modified };
  } finally {
    await handle.close();
  }
}

export async function openTable(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r');
  } catch (cause) {
    throw new ItemTableError(file, 'the file cannot be opened', undefined, { cause });
  }
}

/** @throws {ItemTableError} if the row has no id */
export function rowId(
  file: string,
  { row, line, id }: { row: ItemRow; line: Line; id: string },
): string {
  const value = Object.hasOwn(row, id) ? row[id] : undefined;
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text.trim() !== '') return text;
  throw new ItemTableError(
    file,
    `expected an id in column ${quote(id)}, got ${described(value)}`,
    line.number,
  );
}

function described(value: ItemRow[string] | undefined): string {
  if (typeof value === 'string') return quote(value);
  return value === null || value === undefined ? 'none' : `a ${typeof value}`;
}

async function indexLines(file: string, handle: FileHandle, options: ItemTableOptions) {
  const { id, delimiter = '\t' } = options;
  let format = isJsonLines(file, options) ? jsonLinesFormat(file) : undefined;
  const columns = columnChecker(file, options);
  const lineOf = new Map<string, number>();
  const places: Pick<Line, 'offset' | 'number'>[] = [];
  for await (const lines of scanLines(file, { handle })) {
    for (const line of lines) {
      if (line.bytes.length === 0) continue;
      if (!format) {
        format = delimitedFormat(file, line, { delimiter, wanted: wantedColumns(options) });
        columns.require(format.columns!);
        continue;
      }
      const row = format.parse(line);
      columns.see(row);
      addId(file, lineOf, { id: rowId(file, { row, line, id }), number: line.number });
      if ((lineOf.size - 1) % rowsPerPlace === 0) {
        places.push({ offset: line.offset, number: line.number });
      }
    }
  }
  if (!format) throw new ItemTableError(file, 'expected a header line, got an empty file');
  if (!format.columns && lineOf.size > 0) columns.requireSeen();
  return { format, places, itemCount: lineOf.size };
}

function isJsonLines(file: string, { format }: ItemTableOptions): boolean {
  if (format !== undefined) return format === 'jsonLines';
  return ['.jsonl', '.ndjson'].includes(extname(file).toLowerCase());
}

function addId(
  file: string,
  lineOf: Map<string, number>,
  { id, number }: { id: string; number: number },
): void {
  const first = lineOf.get(id);
  if (first !== undefined) {
    throw new ItemTableError(file, `id ${quote(id)} was given in line ${first} already`, number);
  }
  lineOf.set(id, number);
}

/** Undefined if a function may ask for any of them. */
function wantedColumns({ id, input }: ItemTableOptions): string[] | undefined {
  return typeof input === 'function' ? undefined : [id, ...[input].flat()];
}

/** A name that no row has is a mistake; one that some rows lack is not. */
function columnChecker(file: string, options: ItemTableOptions) {
  const wanted = wantedColumns(options) ?? [options.id];
  const unseen = new Set(wanted);
  const require = (columns: readonly string[]) => {
    const missing = wanted.find((column) => !columns.includes(column));
    if (missing === undefined) return;
    const problem = `there is no column ${quote(missing)}; there are ${quoteList(columns)}`;
    throw new ItemTableError(file, problem, 1);
  };
  return {
    require,
    see: (row: ItemRow) => {
      for (const column of unseen) if (Object.hasOwn(row, column)) unseen.delete(column);
    },
    requireSeen: () => {
      for (const column of unseen) throw new ItemTableError(file, `no line has ${quote(column)}`);
    },
  };
}
