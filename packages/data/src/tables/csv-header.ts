import { quote as quoted, quoteList } from '@rodpo/errors';
import { type CellDialect, csvCells } from './csv-cells.ts';
import { TableError } from './table-error.ts';

/**
 * The names of columns in a header line.
 *
 * @throws {TableError} if a mark is not closed, or a name is empty or there twice
 */
export function csvHeader(file: string, line: string, dialect: CellDialect): string[] {
  const names = csvCells(line.replace(/\r$/, ''), dialect);
  const problem = names === undefined ? unclosed(line, dialect) : problemOf(names);
  if (problem !== undefined) throw new TableError({ file, line: 1 }, problem);
  return names!;
}

function unclosed(line: string, { delimiter }: CellDialect): string {
  return (
    `expected a header whose quotation marks are closed before the delimiter ${quoted(delimiter)} or ` +
    `the end of the line, got ${quoted(line)}. Correct it, or give quote: ''.`
  );
}

function problemOf(names: readonly string[]): string | undefined {
  if (names.includes('')) {
    return `expected a name for each column, got ${quoteList(names)}. Name column ${names.indexOf('') + 1}.`;
  }
  const again = names.find((name, place) => names.indexOf(name) < place);
  return again === undefined
    ? undefined
    : `expected each name of a column once, got ${quoted(again)} again in ${quoteList(names)}. Rename one.`;
}
