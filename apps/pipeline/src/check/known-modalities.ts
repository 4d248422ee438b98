import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Failure, type ItemSource, openStore, UnusableInput } from '@rodpo/features';
import type { Storefront } from '@rodpo/simulator';
import type { Config } from '../config/config.ts';
import type { Modality, VectorSource } from '../config/feature-settings.ts';
import { catalogueBeside, downloadFolder, imageFolder } from '../features/catalogue.ts';
import { imageAddresses, isByAddress } from '../features/image-addresses.ts';
import type { KnownItems } from '../features/match-items.ts';
import { ownVectors, vectorSourceOf } from '../features/own-vectors/own-vectors.ts';
import { isAddress } from '../features/relative-inputs.ts';
import type { KnownModality } from './check-report.ts';

/** Items of a catalogue that are looked at together. */
const itemsAtATime = 1024;

/**
 * What is known of each modality that the config asks for: what the stores of its run folder say,
 * and where there is none yet, whether own vectors can be read, or the catalogue has a text or an image
 * file.
 *
 * @param storefront what is sold where the data is simulated
 * @throws {StoreError} of `@rodpo/features` if a store is damaged
 * @throws {ItemTableError} of `@rodpo/features` if the catalogue cannot be read
 */
export async function knownModalities(
  config: Config,
  storefront: Storefront | undefined,
): Promise<KnownModality[]> {
  const file = (...parts: string[]) => join(config.output, ...parts);
  const known: KnownModality[] = [];
  for (const modality of ['image', 'text'] as const) {
    if (!config.features[modality]) continue;
    known.push({ modality, ...(await knownItems(config, modality, { file, storefront })) });
  }
  return known;
}

async function knownItems(
  config: Config,
  modality: Modality,
  beside: Beside,
): Promise<Omit<KnownModality, 'modality'>> {
  const folder = beside.file('features', modality);
  if (await isThere(join(folder, 'manifest.json'))) {
    return { from: 'store', items: await openStore(folder) };
  }
  const own = vectorSourceOf(config, modality);
  if (own) return { from: 'vectors', items: await amongOwn(own, config) };
  return { from: 'catalogue', items: await inCatalogue(config, modality, beside) };
}

/** Those whose vectors, or codes of vectors, can be read and are of numbers. */
async function amongOwn(own: VectorSource, config: Config): Promise<KnownItems> {
  const { source, embedder } = await ownVectors(own, config);
  const isUsable = async (input: string) => {
    try {
      const vector = await embedder.embed([await embedder.prepare(input)]);
      return vector.every(Number.isFinite);
    } catch (error) {
      if (error instanceof UnusableInput) return false;
      throw error;
    }
  };
  try {
    return await itemsOf(source, isUsable);
  } finally {
    await embedder.dispose();
  }
}

interface Beside {
  readonly file: (...parts: string[]) => string;
  readonly storefront: Storefront | undefined;
}

async function inCatalogue(
  config: Config,
  modality: Modality,
  { file, storefront }: Beside,
): Promise<KnownItems> {
  const run = { config, file };
  if (modality === 'image' && (await isToDownload(run)))
    return itemsOf((await imageAddresses(config))!);
  const products = async () => storefront!.products;
  const source = await catalogueBeside(run, modality, products);
  // Those of a simulation are not drawn yet.
  const isFile = modality === 'image' && config.catalogue !== null;
  return itemsOf(source, isFile ? (name) => isReadable(imageFolder(run), name) : undefined);
}

/** The catalogue has addresses, and nothing was fetched from them yet. */
async function isToDownload({
  config,
  file,
}: {
  readonly config: Config;
  readonly file: Beside['file'];
}): Promise<boolean> {
  return isByAddress(config) && !(await isThere(downloadFolder({ file })));
}

/** An address is none: downloading is a step of its own. */
async function isReadable(folder: string, name: string): Promise<boolean> {
  return !isAddress(name) && isThere(resolve(folder, name));
}

/** What cannot be asked for, for instance because of its name, is not there. */
async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** @param isUsable whether something can be made of an input; default: of each */
async function itemsOf(
  { itemCount, read }: ItemSource<string>,
  isUsable: (input: string) => Promise<boolean> = async () => true,
): Promise<KnownItems> {
  const usable = new Set<string>();
  const failures: Failure[] = [];
  for (let start = 0; start < itemCount; start += itemsAtATime) {
    const items = await read(start, Math.min(start + itemsAtATime, itemCount));
    const found = await Promise.all(
      items.map(async ({ input }) => input !== undefined && (await isUsable(input))),
    );
    for (const [place, { id }] of items.entries()) {
      if (found[place]) usable.add(id);
      else failures.push({ id, reason: 'missing', message: 'There is no input.' });
    }
  }
  return { has: (id) => usable.has(id), ids: () => usable.values(), failures };
}
