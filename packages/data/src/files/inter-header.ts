import { quote, quoteList } from '@rodpo/errors';
import { DataFormatError } from './data-format-error.ts';

/** Names of the columns to read from a RecBole `.inter` file. */
export interface InterFields {
  /** Default `user_id`. */
  readonly user?: string;
  /** Default `item_id`. */
  readonly item?: string;
  /**
   * Default `timestamp`, and a file without that column keeps its own order.
   * A column named here must exist.
   */
  readonly time?: string;
}

/** Where the columns are in a row of `width` cells; `time` is undefined when there is none. */
export interface InterHeader {
  readonly width: number;
  readonly user: number;
  readonly item: number;
  readonly time: number | undefined;
}

/** Finds the columns in a header of tab-separated `name:type` cells. */
export function parseInterHeader(
  path: string,
  line: number,
  text: string,
  { user = 'user_id', item = 'item_id', time }: InterFields,
): InterHeader {
  const fail = (problem: string): never => {
    throw new DataFormatError(path, line, problem);
  };
  const names = text.split('\t').map((cell) => columnName(cell) ?? fail(malformed(cell)));
  const find = (name: string): number => {
    const column = names.indexOf(name);
    return column < 0 ? fail(missing(name, names)) : column;
  };

  const hasTime = time !== undefined || names.includes('timestamp');
  return {
    width: names.length,
    user: find(user),
    item: find(item),
    time: hasTime ? find(time ?? 'timestamp') : undefined,
  };
}

function columnName(cell: string): string | undefined {
  return /^(.+):(token|token_seq|float|float_seq)$/.exec(cell)?.[1];
}

function malformed(cell: string): string {
  return (
    'expected a header of tab-separated name:type columns (type token, token_seq, float or ' +
    `float_seq), got ${quote(cell)}. Begin the file with such a line.`
  );
}

function missing(name: string, names: readonly string[]): string {
  return (
    `expected a column ${quote(name)}, got ${quoteList(names)}. ` +
    'Rename the column or pass its name in fields.'
  );
}
