import type { NamedArray } from '@rodpo/files';
import { tableOf } from './table-of.ts';

/** Numbers that each item has, wherever they are. */
export interface RowSource {
  /** `[itemCount, …]`. */
  readonly shape: readonly number[];
  /** All rows, if they are in memory: a program may carry them then. */
  readonly array?: NamedArray;
  /** Tells these numbers from others, if whoever reads them knows how. */
  readonly identity?: string;
  /** Copies the rows of items side by side: into `[count, …]` or longer, what is past them stays. */
  gather(items: Int32Array, into: Float32Array): void;
}

export function rowsInMemory(array: NamedArray): RowSource {
  const table = tableOf(array);
  return { shape: array.shape, array, gather: (items, into) => table.gather(items, into) };
}

/** The arrays of sources that are in memory: all of them, where a program carries them. */
export function arraysOf(sources: Readonly<Record<string, RowSource>>): Record<string, NamedArray> {
  return Object.fromEntries(
    Object.entries(sources).map(([name, { array }]) => {
      if (!array) throw new Error(`the rows of '${name}' are not in memory`);
      return [name, array];
    }),
  );
}
