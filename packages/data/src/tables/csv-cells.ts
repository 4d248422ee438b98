/** How cells of a line are told apart. */
export interface CellDialect {
  readonly delimiter: string;
  /** What stands around cells; '' for nothing. */
  readonly quote: string;
}

/**
 * The cells of one line. A cell between marks may hold the delimiter, and the mark itself twice; a line
 * break it may not.
 *
 * @returns nothing if a mark is not closed, or text follows a closed one
 */
export function csvCells(line: string, dialect: CellDialect): string[] | undefined {
  const { delimiter, quote } = dialect;
  const cells: string[] = [];
  for (let at = 0; ; ) {
    const isQuoted = quote !== '' && line.startsWith(quote, at);
    const cell = isQuoted ? quotedCell(line, at, quote) : plainCell(line, at, delimiter);
    if (cell === undefined) return undefined;
    cells.push(cell.text);
    if (cell.end === line.length) return cells;
    if (!line.startsWith(delimiter, cell.end)) return undefined;
    at = cell.end + delimiter.length;
  }
}

interface Cell {
  readonly text: string;
  /** Where it ends in the line. */
  readonly end: number;
}

function plainCell(line: string, start: number, delimiter: string): Cell {
  const next = line.indexOf(delimiter, start);
  const end = next < 0 ? line.length : next;
  return { text: line.slice(start, end), end };
}

function quotedCell(line: string, start: number, quote: string): Cell | undefined {
  let text = '';
  for (let at = start + quote.length; ; ) {
    const end = line.indexOf(quote, at);
    if (end < 0) return undefined;
    text += line.slice(at, end);
    at = end + quote.length;
    if (!line.startsWith(quote, at)) return { text, end: at };
    text += quote;
    at += quote.length;
  }
}
