import { type EmbeddingTable, embeddingTable } from '@rodpo/embeddings';
import type { NamedArray } from '@rodpo/files';

/** Numbers of a row of `[rows, …]`. */
export function rowSize([_, ...extents]: readonly number[]): number {
  return extents.reduce((size, extent) => size * extent, 1);
}

/** An array `[rows, …]` as a table of the same numbers: no copy. */
export function tableOf({ shape, data }: NamedArray): EmbeddingTable {
  return embeddingTable({ rows: shape[0]!, width: rowSize(shape), values: data as Float32Array });
}
