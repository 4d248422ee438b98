import { type EmbeddingTable, embeddingTable } from '@rodpo/embeddings';
import type { NamedArray } from '@rodpo/files';

/** An array `[rows, …]` as a table of the same numbers: no copy. */
export function tableOf({ shape: [rows, ...rest], data }: NamedArray): EmbeddingTable {
  const width = rest.reduce((size, extent) => size * extent, 1);
  return embeddingTable({ rows: rows!, width, values: data as Float32Array });
}
