import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { loadOptional, requirePositiveInteger } from '@rodpo/errors';
import { sqlText } from './sql-text.ts';
import type { ReadTableOptions } from './table-options.ts';

/**
 * Runs `work` with a database of its own, which is gone afterwards with all it had on disk. The order of
 * rows is kept: it decides among equal times.
 *
 * @throws {Error} (marked as actionable) if @duckdb/node-api is not installed
 */
export async function withDuckDB<Result>(
  options: Pick<ReadTableOptions, 'memoryLimit' | 'threads' | 'temporaryFolder' | 'signal'>,
  work: (connection: DuckDBConnection) => Promise<Result>,
): Promise<Result> {
  const { memoryLimit = '1GB', temporaryFolder = tmpdir(), signal } = options;
  const { threads = availableParallelism() } = options;
  requirePositiveInteger('threads', threads);
  signal?.throwIfAborted();
  const { DuckDBInstance } = await loadOptional(
    '@duckdb/node-api',
    () => import('@duckdb/node-api'),
  );
  const folder = await mkdtemp(join(temporaryFolder, 'rodpo-tables-'));
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    const interrupt = () => connection.interrupt();
    signal?.addEventListener('abort', interrupt);
    try {
      await connection.run(`set memory_limit = ${sqlText(memoryLimit)}`);
      await connection.run(`set temp_directory = ${sqlText(folder)}`);
      await connection.run("set timezone = 'UTC'");
      await connection.run('set enable_progress_bar = true'); // keeps count, and prints nothing
      await connection.run('set enable_progress_bar_print = false');
      await connection.run('set progress_bar_time = 0');
      await connection.run("set streaming_buffer_size = '16MB'"); // so that it seldom waits for this thread
      // One is this one, which works on what DuckDB hands over: with one more, all would wait for cores.
      await connection.run(`set threads = ${Math.max(1, threads - 1)}`);
      return await work(connection);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', interrupt);
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
