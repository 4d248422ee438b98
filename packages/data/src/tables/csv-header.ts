import { quote as quoted, quoteList } from '@rodpo/errors';
import { TableError } from './table-error.ts';

/**
 * The cells of a header line. Cells between quotation marks may hold the delimiter, and the mark itself
 * twice; a line break they may not.
 *
 * @throws {TableError} if a mark is not closed, or a name is empty or there twice
 */
export function csvHeader(
  file: string,
  line: string,
  { delimiter, quote }: { delimiter: string; quote: string },
): string[] {
  const names: string[] = [];
  let rest: string | undefined = line.replace(/\r$/, '');
  while (rest !== undefined) {
    const [name, after]: [string, string | undefined] =
      quote !== '' && rest.startsWith(quote)
        ? quotedCell(file, rest, { delimiter, quote })
        : plainCell(rest, delimiter);
    names.push(name);
    rest = after;
  }
  const problem = problemOf(names);
  if (problem !== undefined) throw new TableError({ file, line: 1 }, problem);
  return names;
}

function plainCell(text: string, delimiter: string): [string, string | undefined] {
  const end = text.indexOf(delimiter);
  return end < 0 ? [text, undefined] : [text.slice(0, end), text.slice(end + delimiter.length)];
}

function quotedCell(
  file: string,
  text: string,
  { delimiter, quote }: { delimiter: string; quote: string },
): [string, string | undefined] {
  let [cell, place] = ['', quote.length];
  for (;;) {
    const end = text.indexOf(quote, place);
    if (end < 0) break;
    cell += text.slice(place, end);
    place = end + quote.length;
    if (!text.startsWith(quote, place)) {
      if (place === text.length) return [cell, undefined];
      if (!text.startsWith(delimiter, place)) break;
      return [cell, text.slice(place + delimiter.length)];
    }
    cell += quote;
    place += quote.length;
  }
  throw new TableError(
    { file, line: 1 },
    `expected a header whose quotation marks are closed before the delimiter ${quoted(delimiter)} or ` +
      `the end of the line, got ${quoted(text)}. Correct it, or give quote: ''.`,
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
