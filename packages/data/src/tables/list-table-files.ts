import { withDuckDB } from './open-duckdb.ts';
import { tableFailure } from './table-failure.ts';
import { tableFiles } from './table-files.ts';

/**
 * The files that `readTable` would read, in its order; none is opened.
 *
 * @param paths of files, or patterns with `*`, `**`, `?` and `[a-c]`
 * @throws {TableError} for a path that names no file
 * @throws {Error} (marked as actionable) if @duckdb/node-api is not installed
 */
export function listTableFiles(paths: string | readonly string[]): Promise<string[]> {
  return withDuckDB({}, async (connection) => {
    try {
      return await tableFiles(connection, paths);
    } catch (error) {
      throw tableFailure(error);
    }
  });
}
