import type { SequenceEncoder } from '@rodpo/encoder';
import { openStore } from '@rodpo/features';
import type { NamedArray } from '@rodpo/files';
import { ConfigError } from '../config.ts';
import type { Dataset } from '../data/dataset.ts';
import type { Modality } from '../feature-settings.ts';
import { matchItems } from '../features/match-items.ts';
import { requireMemory } from '../run/memory.ts';
import type { Run } from '../run/run.ts';
import { presentOf, vectorsOf } from '../steps/features.ts';
import { encoderOf } from './encoder-of.ts';

/** An encoder, and what it knows of every item beside its id. */
export interface Model {
  readonly encoder: SequenceEncoder;
  /** Constants of every program, by the names of `steps/features.ts`. */
  readonly features: Readonly<Record<string, NamedArray>>;
}

/** A model with what its stores have of the data. */
export interface OpenedModel extends Model {
  /** Lines about which items have vectors, for whoever is the first of a run to open the model. */
  readonly matches: readonly string[];
}

/**
 * The encoder that the config describes, with the item vectors of the run's feature stores.
 *
 * @throws {ConfigError} if the encoder reads a modality that the config does not extract, or none of
 * the items has a vector of it
 * @throws {StoreError} of `@rodpo/features` if a store is missing or damaged
 */
export async function openModel(run: Run, { itemIds, userIds }: Dataset): Promise<OpenedModel> {
  requireMemory(run.config, { itemCount: itemIds.length, userCount: userIds.length });
  const { encoder, features: extracted } = run.config;
  const features: Record<string, NamedArray> = {};
  const widths: Partial<Record<Modality, number>> = {};
  const matches: string[] = [];
  for (const modality of encoder.streams) {
    if (modality === 'id') continue;
    if (!extracted[modality]) throw missing(modality);
    const store = await openStore(run.file('features', modality));
    matches.push(...matchItems(itemIds, { modality, store }));
    const { dimension, vectors, present } = await store.read(itemIds);
    await store.close();
    widths[modality] = dimension;
    features[vectorsOf(modality)] = { shape: [itemIds.length, dimension], data: vectors };
    features[presentOf(modality)] = { shape: [itemIds.length], data: Float32Array.from(present) };
  }
  return {
    encoder: encoderOf(encoder, { itemCount: itemIds.length, vectors: widths }),
    features,
    matches,
  };
}

function missing(modality: Modality): ConfigError {
  return new ConfigError(
    `encoder.streams names '${modality}', but features.${modality} is null: nothing is extracted. ` +
      `Set features.${modality}, or leave '${modality}' out of the streams.`,
  );
}
