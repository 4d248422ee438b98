import { type ItemSource, itemTable } from '@rodpo/features';
import type { Config } from '../config/config.ts';
import { publishedItems } from './published-items.ts';

/** Addresses of the items' pictures, for `rodpo download`; undefined if the catalogue names none. */
export async function imageAddresses({
  catalogue,
}: Pick<Config, 'catalogue'>): Promise<ItemSource<string> | undefined> {
  if (!catalogue) return undefined;
  if ('published' in catalogue) return publishedItems(catalogue, ({ imageUrls }) => imageUrls[0]);
  const { path, id, imageUrl } = catalogue;
  return imageUrl === undefined
    ? undefined
    : itemTable(path, { id, input: imageUrl, kind: 'image' });
}

/** Whether pictures are had by their addresses, and not from a folder that is there. */
export function isByAddress({ catalogue }: Pick<Config, 'catalogue'>): boolean {
  if (!catalogue) return false;
  if ('published' in catalogue) return true;
  return catalogue.imageUrl !== undefined && catalogue.image === undefined;
}
