import { join } from 'node:path';
import { withDuckDB } from '../../src/tables/open-duckdb.ts';
import { temporaryFolder } from '../temporary-file.ts';

/** A file of what a query gives, made in SQL, as other programs make it; gone after the test. */
export async function madeByDuckDB(name: string, query: string, layout: string): Promise<string> {
  const path = join(temporaryFolder(), name);
  await withDuckDB({}, (connection) =>
    connection.run(`copy (${query}) to '${path}' (format ${layout})`),
  );
  return path;
}
