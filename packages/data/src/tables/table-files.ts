import { stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quote, quoteList } from '@rodpo/errors';
import { literalPattern } from './literal-pattern.ts';
import { sqlText } from './sql-text.ts';
import { TableError } from './table-error.ts';

/**
 * The files that paths and patterns (`*`, `**`, `?`, `[a-c]`) name: those of a pattern in the order of
 * their names, and none twice. A file whose name looks like a pattern is itself.
 *
 * @throws {TableError} for a path that names no file
 */
export async function tableFiles(
  connection: DuckDBConnection,
  paths: string | readonly string[],
): Promise<string[]> {
  const found = new Set<string>();
  const asked = typeof paths === 'string' ? [paths] : paths;
  for (const path of asked) {
    const pattern = (await isFile(path)) ? literalPattern(path) : path;
    const result = await connection.runAndReadAll(
      `select file from glob(${sqlText(pattern)}) order by file`,
    );
    const files = result.getRows().map(([file]) => String(file));
    if (files.length === 0) {
      throw new TableError(
        {},
        `expected a file, got none for ${quote(path)}. Bring the file, or correct the path or pattern.`,
      );
    }
    for (const file of files) found.add(file);
  }
  if (found.size === 0) {
    throw new TableError({}, `expected paths of files, got ${quoteList(asked)}. Name one.`);
  }
  return [...found];
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false, // a pattern, mostly
  );
}
