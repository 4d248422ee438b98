import { actionable, quote, quoteList } from '@rodpo/errors';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { readTable } from '../tables/read-table.ts';
import type { ReadTableOptions, TableLayout, TableReport } from '../tables/table-options.ts';
import { type PublishedTableName, publishedTables } from './tables.ts';

export type ReadPublishedOptions = Omit<ReadTableOptions, 'columns' | 'select' | keyof TableLayout>;

/**
 * Reads the interactions of a published data set from its files as they are:
 * `readPublished('movielens-1m', 'ml-1m/ratings.dat', { minRating: 4 })`.
 *
 * @param name one of `publishedTables`
 * @param paths as of `readTable`
 * @throws {RangeError} for a name that is not known
 * @throws {TableError} as `readTable`, if the files are not of that data set
 */
export async function readPublished(
  name: PublishedTableName,
  paths: string | readonly string[],
  options: ReadPublishedOptions = {},
): Promise<{ dataset: SequenceDataset; report: TableReport }> {
  if (!Object.hasOwn(publishedTables, name)) {
    throw actionable(
      new RangeError(
        `expected the name of a published data set, got ${quote(name)}. Known are ` +
          `${quoteList(Object.keys(publishedTables), 20)}; read other files by readTable.`,
      ),
    );
  }
  return readTable(paths, { ...publishedTables[name], ...options });
}
