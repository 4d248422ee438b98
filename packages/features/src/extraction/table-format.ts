import { quote } from '@rodpo/errors';
import { isJsonObject, type Line, lineText } from '@rodpo/files';
import type { Json } from '../embedder.ts';
import { parseExactJson } from '../exact-json.ts';
import { ItemTableError } from './item-table-error.ts';

/**
 * A row by column. Values of a delimited table are strings; so are numbers of JSON whose digits a
 * JavaScript number would not keep.
 */
export type ItemRow = Readonly<Record<string, Json>>;

/** How the lines of a file become rows. */
export interface TableFormat {
  /** Names in the header; undefined if there is none and each line names its own. */
  readonly columns: readonly string[] | undefined;
  /** @throws {ItemTableError} if the line is no row */
  parse(line: Line): ItemRow;
}

export interface DelimitedOptions {
  readonly delimiter: string;
  /** The columns that rows are to have; undefined for all of them. */
  readonly wanted: readonly string[] | undefined;
}

/** Values between delimiters, without quoting: a quotation mark is a letter like any other. */
export function delimitedFormat(
  file: string,
  header: Line,
  { delimiter, wanted }: DelimitedOptions,
): TableFormat {
  const columns = lineText(file, header).split(delimiter);
  const placeOf = new Map<string, number>();
  for (const [place, column] of columns.entries()) {
    if (placeOf.has(column)) {
      throw new ItemTableError(file, `column ${quote(column)} occurs twice`, header.number);
    }
    placeOf.set(column, place);
  }
  const kept = [...placeOf].filter(([column]) => wanted?.includes(column) ?? true);
  return {
    columns,
    parse: (line) => {
      const values = lineText(file, line).split(delimiter);
      if (values.length !== columns.length) {
        const problem = `expected ${columns.length} columns as in the header, got ${values.length}`;
        throw new ItemTableError(file, problem, line.number);
      }
      return Object.fromEntries(kept.map(([column, place]) => [column, values[place]!]));
    },
  };
}

/** One JSON object per line. */
export function jsonLinesFormat(file: string): TableFormat {
  return {
    columns: undefined,
    parse: (line) => {
      const row = parseJson(lineText(file, line));
      if (!isJsonObject(row)) {
        throw new ItemTableError(file, 'expected a JSON object', line.number);
      }
      return row as ItemRow;
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return undefined; // said above
  }
}
