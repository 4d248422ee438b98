import { join } from 'node:path';
import { type ItemSource, itemList, itemTable } from '@rodpo/features';
import { downloadedImages } from '@rodpo/features/download';
import type { Product } from '@rodpo/simulator';
import { ConfigError } from '../config/config.ts';
import type { CatalogueTable, Modality } from '../config/feature-settings.ts';
import type { Run } from '../run/run.ts';
import { imageAddresses, isByAddress } from './image-addresses.ts';
import { ownVectors, vectorSourceOf } from './own-vectors/own-vectors.ts';
import { loadProducts } from './products.ts';
import { publishedItems, publishedText } from './published-items.ts';
import { relativeInputs } from './relative-inputs.ts';

type RunFiles = Pick<Run, 'config' | 'file'>;

/**
 * What a modality's vectors are made from, item by item: texts, or names of files in `imageFolder`, or
 * what an embedder of own vectors finds them by.
 *
 * @throws {ConfigError} if the config names no catalogue, or no column for the modality
 */
export function catalogueOf(run: Run, modality: Modality): Promise<ItemSource<string>> {
  return catalogueBeside(run, modality, () => loadProducts(run));
}

/** The same, with a simulator's products from wherever they are. */
export async function catalogueBeside(
  run: RunFiles,
  modality: Modality,
  products: () => Promise<readonly Product[]>,
): Promise<ItemSource<string>> {
  const own = vectorSourceOf(run.config, modality);
  if (own) return (await ownVectors(own, run.config)).source;
  const source = await inputsOf(run, modality, products);
  return modality === 'image' ? relativeInputs(source, imageFolder(run)) : source;
}

/**
 * Names of the items' pictures in `imageFolder`, whatever the image vectors are made from.
 *
 * @throws {ConfigError} if the catalogue has none
 */
export async function picturesOf(run: Run): Promise<ItemSource<string>> {
  return relativeInputs(await inputsOf(run, 'image', () => loadProducts(run)), imageFolder(run));
}

/** Where the image files of the catalogue lie. */
export function imageFolder({ config: { catalogue }, file }: RunFiles): string {
  if (!catalogue) return file('data', 'images');
  const isFolder = !('published' in catalogue) && catalogue.image !== undefined;
  return isFolder ? catalogue.images : downloadFolder({ file });
}

async function inputsOf(
  run: RunFiles,
  modality: Modality,
  products: () => Promise<readonly Product[]>,
): Promise<ItemSource<string>> {
  const { catalogue, data } = run.config;
  if (catalogue && modality === 'image' && isByAddress(run.config)) {
    return downloadedImages((await imageAddresses(run.config))!, downloadFolder(run));
  }
  if (catalogue) {
    return 'published' in catalogue
      ? publishedItems(catalogue, (item) => publishedText(item, catalogue.text))
      : fromTable(catalogue, modality);
  }
  if (data.source === 'simulator') return fromProducts(run, modality, products);
  throw new ConfigError(
    `features.${modality}: interactions alone do not say how items look or read. ` +
      'Name the table that does under "catalogue".',
  );
}

async function fromTable(
  { path, id, text, image, images, imagesOutside }: CatalogueTable,
  modality: Modality,
): Promise<ItemSource<string>> {
  if (modality === 'text' && text) return itemTable(path, { id, input: text, kind: 'text' });
  if (modality === 'image' && image) {
    const folder = { folder: images, outside: imagesOutside };
    return itemTable(path, { id, input: image, kind: 'image', ...folder });
  }
  throw new ConfigError(
    `features.${modality}: catalogue.${modality} is missing. It names ` +
      (modality === 'text' ? 'the columns of the text.' : 'the column of the image files.'),
  );
}

/** Where `rodpo download` leaves images. */
export function downloadFolder({ file }: Pick<Run, 'file'>): string {
  return file('data', 'downloads');
}

async function fromProducts(
  run: RunFiles,
  modality: Modality,
  productsOf: () => Promise<readonly Product[]>,
): Promise<ItemSource<string>> {
  const { data } = run.config;
  if (modality === 'image' && data.source === 'simulator' && !data.images) {
    throw new ConfigError('features.image: the simulator draws images only with data.images true.');
  }
  const products = await productsOf();
  return itemList(
    products.map(({ id, title, description }) => ({
      id,
      input: modality === 'text' ? `${title}. ${description}` : join(imageFolder(run), `${id}.png`),
    })),
  );
}
