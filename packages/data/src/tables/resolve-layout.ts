import { quote } from '@rodpo/errors';
import { TableError } from './table-error.ts';
import type { TableFormat, TableLayout } from './table-options.ts';

/** A layout with nothing left to be told by a file's name. */
export interface ResolvedLayout {
  readonly format: TableFormat;
  readonly delimiter: string;
  readonly quote: string;
  readonly names: readonly string[] | undefined;
  readonly encoding: 'utf-8' | 'latin-1';
}

interface Ending {
  readonly format: TableFormat;
  readonly delimiter?: string;
}

const tabs: Ending = { format: 'csv', delimiter: '\t' };
const endings: Readonly<Record<string, Ending>> = {
  csv: { format: 'csv' },
  txt: tabs,
  tsv: tabs,
  tab: tabs,
  inter: tabs,
  dat: { format: 'csv', delimiter: '::' },
  jsonl: { format: 'json-lines' },
  ndjson: { format: 'json-lines' },
  json: { format: 'json-lines' },
  parquet: { format: 'parquet' },
};

/** @throws {TableError} if neither the options nor the file's name say what it is */
export function resolveLayout(file: string, layout: TableLayout): ResolvedLayout {
  const [, name = ''] = /\.([a-z]+)(?:\.(?:gz|zst))?$/i.exec(file) ?? [];
  const ending = endings[name.toLowerCase()];
  const format = layout.format ?? ending?.format;
  if (format === undefined) {
    throw new TableError(
      { file },
      `expected a name that ends in ${Object.keys(endings).join(', ')}, with .gz or .zst or without, ` +
        `got ${quote(name === '' ? 'none' : `.${name}`)}. Give the format.`,
    );
  }
  const delimiter = layout.delimiter ?? ending?.delimiter ?? ',';
  return {
    format,
    delimiter,
    quote: layout.quote ?? (delimiter === ',' ? '"' : ''),
    names: layout.names,
    encoding: layout.encoding ?? 'utf-8',
  };
}
