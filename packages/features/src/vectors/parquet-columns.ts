import { quote, quoteList } from '@rodpo/errors';
import type { FileMetaData, SchemaTree } from 'hyparquet';
import { VectorFileError } from './vector-file-error.ts';

export interface ParquetColumns {
  readonly id: string;
  readonly vector: string;
}

/**
 * Checks, before any row is read, that the columns are there and of a kind that is read.
 *
 * @throws {VectorFileError} otherwise
 */
export function checkColumns(file: string, root: SchemaTree, { id, vector }: ParquetColumns): void {
  const idColumn = columnOf(file, root, id);
  if (!isId(idColumn)) {
    throw new VectorFileError(
      file,
      `column ${quote(id)} is ${describe(idColumn)}; ids are strings or integers`,
    );
  }
  const vectorColumn = columnOf(file, root, vector);
  if (!isVector(vectorColumn)) {
    throw new VectorFileError(
      file,
      `column ${quote(vector)} is ${describe(vectorColumn)}; ` +
        'vectors are lists of FLOAT, DOUBLE or FLOAT16',
    );
  }
}

/**
 * Checks that every column to be read is compressed in a way that can be undone.
 *
 * @throws {VectorFileError} otherwise
 */
export function checkCodecs(
  file: string,
  { row_groups }: FileMetaData,
  { columns, known }: { columns: ParquetColumns; known: ReadonlySet<string> },
): void {
  for (const { columns: chunks } of row_groups) {
    for (const { meta_data } of chunks) {
      const name = meta_data?.path_in_schema[0];
      if (!meta_data || (name !== columns.id && name !== columns.vector)) continue;
      if (known.has(meta_data.codec)) continue;
      throw new VectorFileError(
        file,
        `column ${quote(name)} is compressed with ${meta_data.codec}; undone here are ` +
          `${[...known].join(', ')}. Pass compressors, those of hyparquet-compressors for example.`,
      );
    }
  }
}

function columnOf(file: string, root: SchemaTree, name: string): SchemaTree {
  const column = root.children.find(({ element }) => element.name === name);
  if (column) return column;
  const names = root.children.map(({ element }) => element.name);
  throw new VectorFileError(file, `no column ${quote(name)}; there are ${quoteList(names)}`);
}

function isId({ children, element }: SchemaTree): boolean {
  if (children.length > 0 || element.repetition_type === 'REPEATED') return false;
  const { type, converted_type, logical_type } = element;
  if (type === 'BYTE_ARRAY') return converted_type === 'UTF8' || logical_type?.type === 'STRING';
  const isPlain = !converted_type || /^U?INT_\d+$/.test(converted_type);
  const isInteger = !logical_type || logical_type.type === 'INTEGER';
  return (type === 'INT32' || type === 'INT64') && isPlain && isInteger;
}

/** A list is a group that holds one repeated thing, with or without a group around its element. */
function isVector(column: SchemaTree): boolean {
  const { converted_type, logical_type } = column.element;
  if (converted_type !== 'LIST' && logical_type?.type !== 'LIST') return false;
  let node = column;
  let repeated = 0;
  while (node.children.length === 1) {
    node = node.children[0]!;
    if (node.element.repetition_type === 'REPEATED') repeated++;
  }
  const { type, logical_type: kind } = node.element;
  const isReal = type === 'FLOAT' || type === 'DOUBLE' || kind?.type === 'FLOAT16';
  return repeated === 1 && node.children.length === 0 && isReal;
}

/** Such as `LIST of LIST of DOUBLE`. */
function describe({ element, children }: SchemaTree): string {
  const kind = element.logical_type?.type ?? element.converted_type ?? element.type;
  const inside = children.map(describe).join(' and ');
  if (!kind) return inside; // the repeated group inside a list
  return inside ? `${kind} of ${inside}` : kind;
}
