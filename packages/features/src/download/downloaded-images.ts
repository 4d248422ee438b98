import type { ItemSource } from '../item.ts';
import { findImageFile } from './image-file.ts';
import { parseImageUrl } from './image-url.ts';

/**
 * The same items with the paths of their images in a folder that `downloadImages` filled;
 * undefined where there is none. Asks the network nothing.
 */
export function downloadedImages(source: ItemSource<string>, folder: string): ItemSource<string> {
  return {
    itemCount: source.itemCount,
    read: async (start, end) => {
      const items = await source.read(start, end);
      return Promise.all(
        items.map(async (item) => ({ ...item, input: await pathOf(item.input, folder) })),
      );
    },
  };
}

async function pathOf(url: string | undefined, folder: string): Promise<string | undefined> {
  if (url === undefined || !URL.canParse(url)) return undefined;
  return findImageFile(folder, parseImageUrl(url));
}
