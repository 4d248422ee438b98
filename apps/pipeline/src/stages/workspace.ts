import { type FeatureStore, openStore, type VectorReader } from '@rodpo/features';
import { type ItemVectors, openWorkspace, type Workspace } from '@rodpo/recipe';
import { ConfigError } from '../config/config.ts';
import { encoderOf } from '../config/encoder-of.ts';
import type { Modality } from '../config/feature-settings.ts';
import { intervalSettings } from '../config/interval-settings.ts';
import { itemRowsOf } from '../config/item-rows.ts';
import { missingStreams } from '../config/missing-streams.ts';
import { reportedCutoffs } from '../config/reported-cutoffs.ts';
import type { Dataset } from '../data/dataset.ts';
import { splitOf } from '../data/split-of.ts';
import { matchItems } from '../features/match-items.ts';
import { requireMemory } from '../run/memory.ts';
import type { Run } from '../run/run.ts';

/** What a run's stages share, with what its stores have of the data. */
export interface RunWorkspace extends Workspace {
  /** Lines about which items have vectors, for whoever is the first of a run to train. */
  readonly matches: readonly string[];
}

/** A workspace for as long as `work` takes. */
export async function withWorkspace<Result>(
  run: Run,
  dataset: Dataset,
  work: (workspace: RunWorkspace) => Promise<Result>,
): Promise<Result> {
  const workspace = await workspaceOf(run, dataset);
  try {
    return await work(workspace);
  } finally {
    await workspace.dispose();
  }
}

/**
 * The encoder that the config describes, the data, and the item vectors of the run's feature stores: read
 * as they are needed, where item rows are on the host.
 *
 * @throws {ConfigError} if the encoder reads a modality that the config does not extract, or none of
 * the items has a vector of it
 * @throws {StoreError} of `@rodpo/features` if a store is missing or damaged
 * @throws {TimesMissingError} of `@rodpo/recipe` if the encoder reads times and the data has none
 */
export async function workspaceOf(
  { config, engine, file }: Pick<Run, 'config' | 'engine' | 'file'>,
  dataset: Dataset,
): Promise<RunWorkspace> {
  const { itemIds, userIds } = dataset;
  requireMemory(config, { itemCount: itemIds.length, userCount: userIds.length });
  const { encoder, batch, evaluate, seed } = config;
  const itemRows = itemRowsOf(config.itemRows, itemIds.length);
  const vectors: Record<string, ItemVectors | VectorReader> = {};
  const readers: VectorReader[] = [];
  const matches: string[] = [];
  await eachStore({ config, file }, async (modality, store) => {
    matches.push(...matchItems(itemIds, { modality, store }));
    if (itemRows === 'program') {
      vectors[modality] = await store.read(itemIds);
      return;
    }
    const reader = await store.reader(itemIds);
    readers.push(reader);
    vectors[modality] = reader;
  });
  const intervals = intervalSettings(config);
  const workspace = openWorkspace({
    dataset,
    split: splitOf(dataset, config.split),
    engine,
    seed,
    vectors,
    ...batch,
    encoder: (inputs) => encoderOf(encoder, inputs),
    maxLength: encoder.maxLength,
    ...(intervals ? { intervals } : {}),
    itemRows,
    maskHistory: evaluate.maskHistory,
    ...(evaluate.sample === null ? {} : { validationSample: evaluate.sample }),
    cutoffs: reportedCutoffs(config),
  });
  return {
    ...workspace,
    matches,
    dispose: async () => {
      await workspace.dispose();
      for (const reader of readers) reader.close();
    },
  };
}

/** Numbers in a vector, by modality that the encoder reads; no vector is read. */
export async function vectorWidths(run: StoreFiles): Promise<Record<string, number>> {
  const widths: Record<string, number> = {};
  await eachStore(run, async (modality, { dimension }) => {
    widths[modality] = dimension;
  });
  return widths;
}

type StoreFiles = Pick<Run, 'config' | 'file'>;

/** Opens the stores that the encoder reads, one after another. */
async function eachStore(
  { config: { encoder, features }, file }: StoreFiles,
  work: (modality: Modality, store: FeatureStore) => Promise<void>,
): Promise<void> {
  const [missing] = missingStreams({ encoder, features });
  if (missing !== undefined) throw new ConfigError(missing);
  for (const modality of encoder.streams) {
    if (modality === 'id') continue;
    const store = await openStore(file('features', modality));
    await work(modality, store);
    await store.close();
  }
}
