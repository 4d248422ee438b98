import { actionable, quote, quoteList } from '@rodpo/errors';
import type { SequenceDataset } from '../dataset/sequence-dataset.ts';
import { fromInteractions } from '../interactions/from-interactions.ts';
import { listTableFiles } from '../tables/list-table-files.ts';
import { readTable } from '../tables/read-table.ts';
import type { ReadTableOptions, TableLayout, TableReport } from '../tables/table-options.ts';
import { steamReviews } from './steam-reviews.ts';
import { type PublishedTableName, publishedTables } from './tables.ts';

/** Data sets that `readPublished` knows; `steam` is read line by line in place of DuckDB's SQL. */
export type PublishedName = PublishedTableName | 'steam';

export type ReadPublishedOptions = Omit<ReadTableOptions, 'columns' | 'select' | keyof TableLayout>;

/**
 * Reads the interactions of a published data set from its files as they are:
 * `readPublished('movielens-1m', 'ml-1m/ratings.dat', { minRating: 4 })`.
 *
 * @param name one of `publishedTables`, or `steam`
 * @param paths as of `readTable`
 * @throws {RangeError} for a name that is not known, and for `minRating` where there are no ratings
 * @throws {TableError} as `readTable`, if the files are not of that data set
 * @throws {TextFormatError} with file and line, {InteractionError} with row, the same of `steam`
 */
export async function readPublished(
  name: PublishedName,
  paths: string | readonly string[],
  options: ReadPublishedOptions = {},
): Promise<{ dataset: SequenceDataset; report: TableReport }> {
  if (name === 'steam') return readSteam(paths, options);
  if (!Object.hasOwn(publishedTables, name)) {
    throw actionable(
      new RangeError(
        `expected the name of a published data set, got ${quote(name)}. Known are ` +
          `${quoteList([...Object.keys(publishedTables), 'steam'], 20)}; read other files by readTable.`,
      ),
    );
  }
  return readTable(paths, { ...publishedTables[name], ...options });
}

async function readSteam(
  paths: string | readonly string[],
  { minRating, signal }: ReadPublishedOptions,
): Promise<{ dataset: SequenceDataset; report: TableReport }> {
  if (minRating !== undefined) {
    throw actionable(new RangeError('minRating needs ratings, and Steam has none. Leave it out.'));
  }
  const files = await listTableFiles(paths);
  const { dataset, report } = await fromInteractions(steamReviews(files, signal));
  return { dataset, report: { ...report, files } };
}
