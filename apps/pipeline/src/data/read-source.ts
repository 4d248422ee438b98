import {
  type ReadTableOptions,
  readInter,
  readPublished,
  readSequences,
  readTable,
  type SequenceDataset,
  type TableReport,
} from '@rodpo/data';
import { isMissing } from '@rodpo/files';
import type { Storefront } from '@rodpo/simulator';
import { type Config, ConfigError } from '../config/config.ts';
import { isTable, type TableSettings } from '../config/data-settings.ts';
import type { Reporter } from '../run/reporter.ts';
import { readingProgress } from './reading-progress.ts';
import { simulate } from './simulate.ts';

/** Interactions as they are read, before any step. */
export interface Source {
  readonly dataset: SequenceDataset;
  /** What was read of a table. */
  readonly table?: TableReport;
  /** What a simulation knows besides. */
  readonly storefront?: Storefront;
}

export interface ReadSourceOptions {
  /** Ends the reading of a table, or a simulation. Default: never. */
  readonly signal?: AbortSignal;
  /** Where the progress of a table or a simulation goes. Default: nowhere. */
  readonly reporter?: Reporter;
}

/**
 * Reads or simulates the interactions of a config. Writes nothing.
 *
 * @throws {ConfigError} if the file is not there
 * @throws {DataFormatError} or {TableError} of `@rodpo/data` if it is not what it should be
 * @throws {TimesMissingError} of `@rodpo/data` if a unit of times is named and there are none
 * @throws {Error} (marked as actionable) for a table, if @duckdb/node-api is not installed
 */
export async function readSource(
  { data, seed }: Pick<Config, 'data' | 'seed'>,
  options: ReadSourceOptions = {},
): Promise<Source> {
  if (data.source === 'simulator') return simulate(data, seed, options);
  if (isTable(data)) return readTables(data, options);
  const reading =
    data.source === 'sequences' ? readSequences(data.path) : readInter(data.path, data.fields);
  const dataset = await reading.catch((cause: unknown) => {
    if (!isMissing(cause)) throw cause;
    throw new ConfigError(
      `data.path: there is no file ${data.path}. No data comes with the app: bring the file, and ` +
        'give its path relative to the config.',
      { cause },
    );
  });
  return { dataset };
}

async function readTables(
  data: TableSettings,
  { signal, reporter }: ReadSourceOptions,
): Promise<Source> {
  const progress = reporter && readingProgress(reporter);
  const { dataset, report } = await readRows(data, {
    ...(signal ? { signal } : {}),
    ...(progress ? { onProgress: progress.onProgress } : {}),
  });
  progress?.done(report);
  return { dataset, table: report };
}

function readRows(
  data: TableSettings,
  watched: Pick<ReadTableOptions, 'signal' | 'onProgress'>,
): ReturnType<typeof readTable> {
  if (data.source === 'published') {
    const { source: _, name, path, steps: __, ...options } = data;
    return readPublished(name, path, { ...options, ...watched });
  }
  const { source: _, path, steps: __, ...options } = data;
  return readTable(path, { ...options, ...watched });
}
