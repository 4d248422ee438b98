import type { TensorSpec } from '@rodpo/compile';
import type { SequenceEncoder } from '@rodpo/encoder';
import type { NamedArray } from '@rodpo/files';

type Arrays = Readonly<Record<string, NamedArray>>;

/** Arrays of a model by whether their rows are the items. */
export interface SplitRows {
  readonly rows: Record<string, NamedArray>;
  readonly others: Record<string, NamedArray>;
}

/**
 * Parts weights into those that have a row for each item, and the rest: all of them, if the encoder does
 * not say which parameters have.
 */
export function splitRows({ rowParameters }: SequenceEncoder, arrays: Arrays): SplitRows {
  const hasRows = (name: string) => rowParameters?.includes(name) === true;
  const of = (isWanted: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(arrays).filter(([name]) => isWanted(name)));
  return { rows: of(hasRows), others: of((name) => !hasRows(name)) };
}

/** Rows from `begin` to before `end` of each array: views. */
export function rowsBetween(
  arrays: Arrays,
  begin: number,
  end: number,
): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => {
      const width = data.length / shape[0]!;
      const part = data.subarray(begin * width, end * width) as NamedArray['data'];
      return [name, { shape: [end - begin, ...shape.slice(1)], data: part }];
    }),
  );
}

/** What an input looks like that takes such arrays. */
export function specsOf(arrays: Arrays): Record<string, TensorSpec> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [
      name,
      { shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' },
    ]),
  );
}
