import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';

/** The columns of a query's result, some thousand rows at a time; the next are fetched meanwhile. */
export async function* vectorsOf(
  connection: DuckDBConnection,
  query: string,
): AsyncGenerator<DuckDBVector[], void> {
  const result = await connection.stream(query);
  let next = result.fetchChunk();
  try {
    for (;;) {
      const chunk = await next;
      if (!chunk || chunk.rowCount === 0) return;
      next = result.fetchChunk();
      yield Array.from({ length: chunk.columnCount }, (_, column) => chunk.getColumnVector(column));
    }
  } finally {
    await next.catch(() => undefined); // nothing may be closed while DuckDB is at work
  }
}

/** Of a column `double` without nulls. */
export const doublesOf = (vector: DuckDBVector): Float64Array => valuesOf(vector, Float64Array);

/** Of a column `utinyint` without nulls. */
export const bytesOf = (vector: DuckDBVector): Uint8Array => valuesOf(vector, Uint8Array);

/** Of a column `ubigint` without nulls, its halves in turns, the lower first. */
export function hashesOf(vector: DuckDBVector): Int32Array {
  const { buffer, byteOffset, length } = valuesOf(vector, BigUint64Array);
  return new Int32Array(buffer, byteOffset, 2 * length);
}

/**
 * The array behind a vector, which is private to DuckDB's types; should it ever go, each number is asked
 * for.
 */
function valuesOf<Values extends Uint8Array | Float64Array | BigUint64Array>(
  vector: DuckDBVector,
  kind: { new (length: number): Values },
): Values {
  const { items } = vector as unknown as { items?: unknown };
  if (items instanceof kind) return items;
  const values = new kind(vector.itemCount);
  for (let row = 0; row < values.length; row++) values[row] = vector.getItem(row) as never;
  return values;
}
