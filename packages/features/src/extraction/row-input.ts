import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { quote, quoteList } from '@rodpo/errors';
import type { Json } from '../embedder.ts';
import type { Item } from '../item.ts';
import { firstImage, holdsAddresses, isAddress } from './first-image.ts';
import type { ItemRow } from './table-format.ts';

/** A column, several joined, or anything made of a row; undefined if the item has no input. */
export type InputOf = string | readonly string[] | ((row: ItemRow) => string | undefined);

export interface RowInputOptions {
  readonly input: InputOf;
  readonly separator: string;
  readonly kind: 'text' | 'image' | undefined;
  readonly folder: string | undefined;
  readonly outside: boolean;
}

/** An item's input, or why it has none. */
export type RowInput = Pick<Item<string>, 'input' | 'problem'>;

/**
 * An item's input from its row. Space around it does not count.
 *
 * @throws {TypeError} if a column of texts holds an object
 */
export function rowInput(row: ItemRow, options: RowInputOptions): RowInput {
  const { input, separator, folder } = options;
  const kind = options.kind ?? (folder === undefined ? undefined : 'image');
  if (typeof input !== 'function' && kind === 'image') return imageOf(row, [input].flat(), options);
  const text =
    typeof input === 'function'
      ? input(row)
      : joinColumns(row, { columns: [input].flat(), separator, kind });
  return placed(text?.trim(), options);
}

function imageOf(row: ItemRow, columns: readonly string[], options: RowInputOptions): RowInput {
  const values = columns.map((column) => cellOf(row, column));
  const image = firstImage(values.filter((value) => value !== undefined));
  if (image !== undefined) return placed(image, options);
  const isEmpty = (value: Json | undefined) =>
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.length === 0);
  if (values.every(isEmpty)) return { input: undefined };
  const message = `There is no path or address of an image in ${quoteList(columns)}.`;
  return { input: undefined, problem: { reason: 'missing', message } };
}

function joinColumns(
  row: ItemRow,
  {
    columns,
    separator,
    kind,
  }: { columns: readonly string[]; separator: string; kind: RowInputOptions['kind'] },
): string {
  return columns
    .map((column) => {
      const value = cellOf(row, column);
      if (kind === undefined && holdsAddresses(value)) return firstImage(value)!;
      return toText(value, { separator, column, depth: 0 });
    })
    .filter((text) => text !== '')
    .join(separator);
}

function cellOf(row: ItemRow, column: string): Json | undefined {
  return Object.hasOwn(row, column) ? row[column] : undefined;
}

interface TextOptions {
  readonly separator: string;
  readonly column: string;
  readonly depth: number;
}

function toText(value: Json | undefined, { separator, column, depth }: TextOptions): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value).trim();
  if (Array.isArray(value) && depth < maxDepth) {
    return value
      .map((part) => toText(part, { separator, column, depth: depth + 1 }))
      .filter((text) => text !== '')
      .join(separator);
  }
  const got = Array.isArray(value) ? `lists nested more than ${maxDepth} deep` : 'an object';
  throw new TypeError(
    `expected text, a number or a list of these in column ${quote(column)}, got ${got}. Name ` +
      'another column, or make the text by a function.',
  );
}

const maxDepth = 8;

/** Where a path leads; an address stays as it is. */
function placed(path: string | undefined, { folder, outside }: RowInputOptions): RowInput {
  if (!path) return { input: undefined };
  if (folder === undefined || isAddress(path)) return { input: path };
  const file = isAbsolute(path) ? path : join(folder, path);
  if (outside || isWithin(folder, file)) return { input: file };
  const message =
    `The path ${quote(path)} leads out of the folder of the images. Move the file there, or allow ` +
    'paths that lead outside if you trust the table.';
  return { input: undefined, problem: { reason: 'refused', message } };
}

/** By what is written; links within the folder are the doing of whoever owns it. */
function isWithin(folder: string, file: string): boolean {
  const way = relative(resolve(folder), resolve(file));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
