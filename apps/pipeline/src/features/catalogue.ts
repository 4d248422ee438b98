import { readFile } from 'node:fs/promises';
import { type ItemSource, itemList, itemTable } from '@rodpo/features';
import { downloadedImages } from '@rodpo/features/download';
import type { Product } from '@rodpo/simulator';
import { ConfigError } from '../config.ts';
import type { CatalogueSettings, Modality } from '../feature-settings.ts';
import type { Run } from '../run/run.ts';

/**
 * What a modality's vectors are made from, item by item: texts, or paths of image files.
 *
 * @throws {ConfigError} if the config names no catalogue, or no column for the modality
 */
export async function catalogueOf(run: Run, modality: Modality): Promise<ItemSource<string>> {
  const { catalogue, data } = run.config;
  if (catalogue) return fromTable(run, catalogue, modality);
  if (data.source === 'simulator') return fromProducts(run, modality);
  throw new ConfigError(
    `features.${modality}: interactions alone do not say how items look or read. ` +
      'Name the table that does under "catalogue".',
  );
}

async function fromTable(
  run: Run,
  { path, id, text, image, imageUrl, images }: CatalogueSettings,
  modality: Modality,
): Promise<ItemSource<string>> {
  if (modality === 'text' && text) return itemTable(path, { id, input: text });
  if (modality === 'image' && image) return itemTable(path, { id, input: image, folder: images });
  if (modality === 'image' && imageUrl) {
    return downloadedImages(await itemTable(path, { id, input: imageUrl }), downloadFolder(run));
  }
  throw new ConfigError(
    `features.${modality}: catalogue.${modality} is missing. It names ` +
      (modality === 'text' ? 'the columns of the text.' : 'the column of the image files.'),
  );
}

/** Where `rodpo download` leaves images. */
export function downloadFolder(run: Run): string {
  return run.file('data', 'downloads');
}

async function fromProducts(run: Run, modality: Modality): Promise<ItemSource<string>> {
  const { data } = run.config;
  if (modality === 'image' && data.source === 'simulator' && !data.images) {
    throw new ConfigError('features.image: the simulator draws images only with data.images true.');
  }
  const text = await readFile(run.file('data', 'products.json'), 'utf8');
  const products: Product[] = JSON.parse(text);
  return itemList(
    products.map(({ id, title, description }) => ({
      id,
      input:
        modality === 'text' ? `${title}. ${description}` : run.file('data', 'images', `${id}.png`),
    })),
  );
}
