import { isAbsolute, join } from 'node:path';
import type { Json } from '../embedder.ts';
import type { ItemRow } from './table-format.ts';

/** A column, several joined, or anything made of a row; undefined if the item has no input. */
export type InputOf = string | readonly string[] | ((row: ItemRow) => string | undefined);

export interface RowInputOptions {
  readonly input: InputOf;
  readonly separator: string;
  readonly folder: string | undefined;
}

/** An item's input from its row. Space around it does not count. */
export function rowInput(
  row: ItemRow,
  { input, separator, folder }: RowInputOptions,
): string | undefined {
  const text = typeof input === 'function' ? input(row) : joinColumns(row, input, separator);
  const trimmed = text?.trim();
  if (!trimmed) return undefined;
  return folder === undefined ? trimmed : inFolder(folder, trimmed);
}

function joinColumns(row: ItemRow, columns: string | readonly string[], separator: string): string {
  return [columns]
    .flat()
    .map((column) => toText(row[column], separator))
    .filter((text) => text !== '')
    .join(separator);
}

/** @throws {TypeError} if the value is an object */
function toText(value: Json | undefined, separator: string): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((part) => toText(part, separator)).join(separator);
  if (typeof value !== 'object') return String(value).trim();
  throw new TypeError('expected text, a number or a list of these, got an object');
}

/** Addresses and absolute paths stay as they are. */
function inFolder(folder: string, path: string): string {
  const isAddress = /^[a-z][a-z\d+.-]+:\/\//i.test(path);
  return isAddress || isAbsolute(path) ? path : join(folder, path);
}
