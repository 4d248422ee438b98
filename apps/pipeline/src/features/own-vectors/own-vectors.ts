import type { Embedder, ItemSource } from '@rodpo/features';
import { type Config, ConfigError } from '../../config/config.ts';
import type { Modality, VectorSource } from '../../config/feature-settings.ts';
import { codeVectors } from './code-vectors.ts';
import { npyVectors } from './npy-vectors.ts';
import { parquetVectors } from './parquet-vectors.ts';
import { storeVectors } from './store-vectors.ts';

/** Vectors that are there already: whose they are, and what gives them. */
export interface OwnVectors {
  /** What is given to the embedder of an item; undefined for one that has no vector. */
  readonly source: ItemSource<string>;
  /** Looks the vectors up, in memory or on disk; makes none. */
  readonly embedder: Embedder<string>;
}

/** Where a modality's vectors come from, if they are not made; undefined if they are. */
export function vectorSourceOf(
  { features }: Pick<Config, 'features'>,
  modality: Modality,
): VectorSource | undefined {
  const settings = features[modality];
  return settings?.encoder === 'vectors' ? settings.from : undefined;
}

/**
 * @throws {ConfigError} if codes are asked for and the catalogue is no table, or the first ones fit not
 * @throws {VectorFileError}, {StoreError} or {ItemTableError} of `@rodpo/features` if the files are not
 * what they should be
 */
export async function ownVectors(
  from: VectorSource,
  { catalogue }: Pick<Config, 'catalogue'>,
): Promise<OwnVectors> {
  if ('store' in from) return storeVectors(from.store);
  if ('npy' in from) return npyVectors(from);
  if ('parquet' in from) return parquetVectors(from);
  if (catalogue && !('published' in catalogue)) return codeVectors(catalogue, from);
  throw new ConfigError(
    'features: codes are read from columns of the catalogue, and the config names no table. Name the ' +
      'one under "catalogue".',
  );
}
