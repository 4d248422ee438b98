import { type Line, lineText } from '@rodpo/files';
import type { Json } from '../embedder.ts';
import { isObject } from '../store/canonical-json.ts';
import { ItemTableError } from './item-table-error.ts';

/** A row by column. Values of a delimited table are strings. */
export type ItemRow = Readonly<Record<string, Json>>;

/** How the lines of a file become rows. */
export interface TableFormat {
  /** Names in the header; undefined if there is none and each line names its own. */
  readonly columns: readonly string[] | undefined;
  /** @throws {ItemTableError} if the line is no row */
  parse(line: Line): ItemRow;
}

/** Values between delimiters, without quoting: a quotation mark is a letter like any other. */
export function delimitedFormat(file: string, header: Line, delimiter: string): TableFormat {
  const columns = lineText(file, header).split(delimiter);
  const twice = columns.find((column, place) => columns.indexOf(column) !== place);
  if (twice !== undefined) {
    throw new ItemTableError(file, `column '${twice}' occurs twice`, header.number);
  }
  return {
    columns,
    parse: (line) => {
      const values = lineText(file, line).split(delimiter);
      if (values.length !== columns.length) {
        const problem = `expected ${columns.length} columns as in the header, got ${values.length}`;
        throw new ItemTableError(file, problem, line.number);
      }
      return Object.fromEntries(columns.map((column, place) => [column, values[place]!]));
    },
  };
}

/** One JSON object per line. */
export function jsonLinesFormat(file: string): TableFormat {
  return {
    columns: undefined,
    parse: (line) => {
      const row = parseJson(lineText(file, line));
      if (!isObject(row)) {
        throw new ItemTableError(file, 'expected a JSON object', line.number);
      }
      return row as ItemRow;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // said above
  }
}
