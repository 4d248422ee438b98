import { quote } from '@rodpo/errors';
import type { ItemVectors } from '../item-vectors.ts';
import { type Compressors, type Row, readRowGroups } from './parquet-rows.ts';
import { VectorFileError } from './vector-file-error.ts';

/** Some items of a file, and their vectors. */
export interface VectorBlock extends ItemVectors {
  /** `[items]` */
  readonly ids: readonly string[];
}

export interface ReadParquetVectorsOptions {
  /** Column of the ids, strings or integers. Default `item_id`. */
  readonly id?: string;
  /** Column of the vectors, lists of FLOAT, DOUBLE or FLOAT16. Default `embedding`. */
  readonly vector?: string;
  /**
   * For files compressed otherwise than with SNAPPY, GZIP or BROTLI (and ZSTD from Node 22.15 on),
   * those of `hyparquet-compressors` for example. They are used before the built-in ones.
   */
  readonly compressors?: Compressors;
}

/**
 * Reads item vectors from a Parquet file, one row group at a time: memory is that of the largest
 * group, so write groups of some 10,000 rows. A null vector is an absent item. Integer ids become
 * decimal strings. NaN and infinities are passed on.
 *
 * Needs the optional peer `hyparquet`, loaded on first use.
 *
 * @throws {VectorFileError} while reading, if the file is damaged, a column is missing, of another
 * kind or compressed in an unknown way, an id is null, empty or there twice, a vector is empty,
 * holds a null or a value beyond float32's range, lengths differ, or no row has a vector
 * @see https://parquet.apache.org/docs/file-format/
 */
export async function* readParquetVectors(
  file: string,
  { id = 'item_id', vector = 'embedding', compressors = {} }: ReadParquetVectorsOptions = {},
): AsyncGenerator<VectorBlock, void> {
  const seen = new Map<string, number>();
  const waiting: Row[][] = []; // groups without a vector, until one tells the dimension
  let dimension: number | undefined;
  let start = 0;
  for await (const rows of readRowGroups(file, { columns: { id, vector }, compressors })) {
    for (const [index, row] of rows.entries()) checkRow(file, { row, index: start + index, seen });
    dimension ??= rows.find((row) => row.vector)?.vector?.length;
    waiting.push(rows);
    start += rows.length;
    if (dimension === undefined) continue;
    let first = start - waiting.reduce((sum, group) => sum + group.length, 0);
    for (const group of waiting.splice(0)) {
      yield toBlock(file, { rows: group, dimension, start: first });
      first += group.length;
    }
  }
  if (waiting.length > 0) {
    throw new VectorFileError(file, `none of the ${start} rows has a vector in ${quote(vector)}`);
  }
}

function checkRow(
  file: string,
  { row, index, seen }: { row: Row; index: number; seen: Map<string, number> },
): void {
  if (!row.id) throw new VectorFileError(file, `row ${index} has no id`);
  if (row.vector?.length === 0) {
    throw new VectorFileError(
      file,
      `row ${index} has a vector of no values; write null if it has none`,
    );
  }
  const first = seen.get(row.id);
  if (first !== undefined) {
    throw new VectorFileError(
      file,
      `id ${quote(row.id)} is in row ${first} and again in row ${index}`,
    );
  }
  seen.set(row.id, index);
}

function toBlock(
  file: string,
  { rows, dimension, start }: { rows: readonly Row[]; dimension: number; start: number },
): VectorBlock {
  const vectors = new Float32Array(rows.length * dimension);
  for (const [index, { vector }] of rows.entries()) {
    if (!vector) continue;
    const name = `row ${start + index}`;
    if (vector.length !== dimension) {
      throw new VectorFileError(
        file,
        `${name} has a vector of ${vector.length} values, those before have ${dimension}`,
      );
    }
    for (const [axis, value] of vector.entries()) {
      const at = index * dimension + axis;
      if (value === null || value === undefined) {
        throw new VectorFileError(file, `${name} has a null at value ${axis} of its vector`);
      }
      vectors[at] = value;
      if (Number.isFinite(value) && !Number.isFinite(vectors[at])) {
        throw new VectorFileError(file, `${name} holds ${value}, beyond the range of float32`);
      }
    }
  }
  return {
    ids: rows.map(({ id }) => id),
    dimension,
    vectors,
    present: Uint8Array.from(rows, ({ vector }) => (vector ? 1 : 0)),
  };
}
