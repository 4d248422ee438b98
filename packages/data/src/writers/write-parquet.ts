import { rename, rm } from 'node:fs/promises';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { partialName } from '@rodpo/files';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { withDuckDB } from '../tables/open-duckdb.ts';
import { sqlText } from '../tables/sql-text.ts';

/**
 * Writes interactions as Parquet by DuckDB: columns `user` and `item` of texts and, where the dataset has
 * times, `time` of doubles, a user's rows in their order, compressed by Zstandard. `readTable` reads the
 * same dataset from it, but for users without interactions and items that nobody chose.
 *
 * @throws {Error} (marked as actionable) if @duckdb/node-api is not installed
 */
export async function writeParquet(path: string, dataset: SequenceDataset): Promise<void> {
  const partial = partialName(path);
  try {
    await withDuckDB({}, async (connection) => {
      await appendIds(connection, 'users', dataset.userIds);
      await appendIds(connection, 'items', dataset.itemIds);
      await appendInteractions(connection, dataset);
      const time = dataset.times ? ', time' : '';
      await connection.run(
        `copy (select users.id as "user", items.id as item${time} from interactions ` +
          'join users on users.number = "user" join items on items.number = item ' +
          `order by interactions.rowid) to ${sqlText(partial)} (format parquet, compression zstd)`,
      );
    });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

async function appendIds(
  connection: DuckDBConnection,
  table: string,
  ids: readonly string[],
): Promise<void> {
  await connection.run(`create table ${table}(number integer, id varchar)`);
  await appending(connection, table, (appender) => {
    for (const [number, id] of ids.entries()) {
      appender.appendInteger(number);
      appender.appendVarchar(id);
      appender.endRow();
    }
  });
}

async function appendInteractions(
  connection: DuckDBConnection,
  { sequences, times }: SequenceDataset,
): Promise<void> {
  await connection.run('create table interactions("user" integer, item integer, time double)');
  await appending(connection, 'interactions', (appender) => {
    for (const [user, sequence] of sequences.entries()) {
      const own = times?.at(user);
      for (const [place, item] of sequence.entries()) {
        appender.appendInteger(user);
        appender.appendInteger(item);
        appender.appendDouble(own?.[place] ?? 0);
        appender.endRow();
      }
    }
  });
}

async function appending(
  connection: DuckDBConnection,
  table: string,
  append: (appender: DuckDBAppender) => void,
): Promise<void> {
  const appender = await connection.createAppender(table);
  try {
    append(appender);
  } finally {
    appender.closeSync();
  }
}
