import { actionable, requireOneOf } from '@rodpo/errors';
import { type Line, scanLines } from '@rodpo/files';
import type { Item, ItemSource } from '../item.ts';
import { indexTable, openTable, rowId, rowsPerPlace, type TableIndex } from './index-table.ts';
import { ItemTableError } from './item-table-error.ts';
import { type InputOf, type RowInput, type RowInputOptions, rowInput } from './row-input.ts';
import type { ItemRow } from './table-format.ts';

export interface ItemTableOptions {
  /** Column of the ids. */
  readonly id: string;
  /** Column of the inputs, several to be joined, or a function of the row. */
  readonly input: InputOf;
  /**
   * What the columns hold. Of `text`, several columns and the parts of a list are joined. Of
   * `image`, the first path or address is taken: of the first column that has one, the first of a
   * list, the best version of an object such as `{ hi_res, large, thumb }`; where there is none, the
   * item is recorded as missing. Default: `image` with a `folder`, else `text`, in which a list or an
   * object of nothing but addresses is one of images all the same.
   */
  readonly kind?: 'text' | 'image';
  /** Between joined columns, and the parts of a list in JSON. Default a space. */
  readonly separator?: string;
  /** Default: by the file's name, `.jsonl` and `.ndjson` being lines of JSON. */
  readonly format?: 'delimited' | 'jsonLines';
  /** Between columns of a delimited file. Default a tabulator. */
  readonly delimiter?: string;
  /** For inputs that are paths: where relative ones start. Default: as they are. */
  readonly folder?: string;
  /**
   * Allows paths that lead out of `folder`, absolute ones among them; otherwise their items are
   * recorded as `refused`. Default false: who wrote the table need not be who owns the files.
   */
  readonly outside?: boolean;
}

/**
 * A catalogue in a text file (UTF-8): delimited columns under a header line, or JSON Lines. The
 * file is read once to find its lines and to check its ids, and then piece by piece: only every
 * 256th line's place is kept in memory. There is no quoting in delimited files. An empty value is
 * no input; empty lines are passed over. Ids are kept as they are, spaces included; one that is a
 * number in JSON is the text that stands there, so that no digit is lost, and 1.0 is not 1.
 *
 * @throws {ItemTableError} if a column is missing, an id is empty or occurs twice, or a line is
 * not a row
 * @throws {RangeError} if an option is none of its words, or does not go with another
 * @throws {TextFormatError} (`@rodpo/files`) if a line is not UTF-8, or is of more than 64 MiB
 */
export async function itemTable(
  file: string,
  options: ItemTableOptions,
): Promise<ItemSource<string>> {
  const { id, input, separator = ' ', kind, folder, outside = false } = options;
  checkOptions(options);
  const index = await indexTable(file, options);
  return {
    itemCount: index.itemCount,
    read: async (start, end) => {
      const items: Item<string>[] = [];
      for (const { row, line } of await readRows(file, index, [start, end])) {
        const own = inputOf(file, { row, line }, { input, separator, kind, folder, outside });
        items.push({ id: rowId(file, { row, line, id }), ...own });
      }
      return items;
    },
  };
}

function checkOptions({ kind, format, delimiter = '\t', folder }: ItemTableOptions): void {
  if (kind !== undefined) requireOneOf('kind', kind, ['text', 'image']);
  if (format !== undefined) requireOneOf('format', format, ['delimited', 'jsonLines']);
  if (kind === 'text' && folder !== undefined) {
    const problem = "A folder is for paths, got it with kind: 'text'";
    throw actionable(new RangeError(`${problem}. Leave out one of them.`));
  }
  if (delimiter !== '') return;
  throw actionable(new RangeError('The delimiter must be a character or more, got ""'));
}

interface NumberedRow {
  readonly row: ItemRow;
  readonly line: Line;
}

/** Rows `start` to `end`, from reading no more than what lies between two noted places. */
async function readRows(
  file: string,
  { format, places, size, modified }: TableIndex,
  [start, end]: readonly [number, number],
): Promise<NumberedRow[]> {
  const firstPlace = Math.floor(start / rowsPerPlace);
  const place = places[firstPlace];
  if (!place || start >= end) return [];
  const to = places[Math.ceil(end / rowsPerPlace)]?.offset ?? size;
  const handle = await openTable(file);
  try {
    const now = await handle.stat();
    if (now.size !== size || now.mtimeMs !== modified) {
      throw new ItemTableError(file, 'the file was changed while it was in use');
    }
    const lines: Line[] = [];
    const { offset: from, number: firstNumber } = place;
    for await (const some of scanLines(file, { handle, from, to, firstNumber })) {
      for (const line of some) if (line.bytes.length > 0) lines.push(line);
    }
    const skipped = firstPlace * rowsPerPlace;
    const wanted = lines.slice(start - skipped, end - skipped);
    return wanted.map((line) => ({ row: format.parse(line), line }));
  } finally {
    await handle.close();
  }
}

function inputOf(file: string, { row, line }: NumberedRow, options: RowInputOptions): RowInput {
  try {
    return rowInput(row, options);
  } catch (cause) {
    if (!(cause instanceof TypeError) || typeof options.input === 'function') throw cause;
    throw new ItemTableError(file, cause.message, line.number, { cause });
  }
}
