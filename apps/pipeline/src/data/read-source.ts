import { readInter, readSequences, type SequenceDataset } from '@rodpo/data';
import { isMissing } from '@rodpo/files';
import { deriveSeed, seededRandom } from '@rodpo/random';
import { type Storefront, simulateStorefront } from '@rodpo/simulator';
import { type Config, ConfigError } from '../config/config.ts';

/** Interactions as they are read, before any step. */
export interface Source {
  readonly dataset: SequenceDataset;
  /** What a simulation knows besides. */
  readonly storefront?: Storefront;
}

/**
 * Reads or simulates the interactions of a config. Writes nothing.
 *
 * @throws {ConfigError} if the file is not there
 */
export async function readSource(config: Pick<Config, 'data' | 'seed'>): Promise<Source> {
  const { data } = config;
  if (data.source === 'simulator') return simulated(data, config.seed);
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

function simulated(
  { userCount, itemCount }: { readonly userCount: number; readonly itemCount: number },
  seed: number,
): Source {
  const random = seededRandom(deriveSeed(seed, 'storefront'));
  const storefront = simulateStorefront({ userCount, itemCount }, random);
  const { userIds, products, sequences, times } = storefront;
  const itemIds = products.map(({ id }) => id);
  return { dataset: { userIds, itemIds, sequences, times }, storefront };
}
