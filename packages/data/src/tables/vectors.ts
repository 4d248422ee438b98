import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api';

/** The columns of a query's result, some thousand rows at a time. */
export async function* vectorsOf(
  connection: DuckDBConnection,
  query: string,
): AsyncGenerator<DuckDBVector[], void> {
  const result = await connection.stream(query);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return;
    yield Array.from({ length: chunk.columnCount }, (_, column) => chunk.getColumnVector(column));
  }
}

/** Of a column `integer` without nulls; valid until the next vectors are fetched. */
export const integersOf = (vector: DuckDBVector): Int32Array => valuesOf(vector, Int32Array);

/** Of a column `double` without nulls; valid until the next vectors are fetched. */
export const doublesOf = (vector: DuckDBVector): Float64Array => valuesOf(vector, Float64Array);

/** Of a column `ubigint` without nulls, its halves in turns; valid until the next are fetched. */
export function hashesOf(vector: DuckDBVector): Uint32Array {
  const { buffer, byteOffset, length } = valuesOf(vector, BigUint64Array);
  return new Uint32Array(buffer, byteOffset, 2 * length);
}

/**
 * The array behind a vector, which is private to DuckDB's types; should it ever go, each number is asked
 * for.
 */
function valuesOf<Values extends Int32Array | Float64Array | BigUint64Array>(
  vector: DuckDBVector,
  kind: { new (length: number): Values },
): Values {
  const { items } = vector as unknown as { items?: unknown };
  if (items instanceof kind) return items;
  const values = new kind(vector.itemCount);
  for (let row = 0; row < values.length; row++) values[row] = vector.getItem(row) as never;
  return values;
}
