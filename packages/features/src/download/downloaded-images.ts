import type { Item, ItemSource } from '../item.ts';
import { DownloadFailure } from './download-failure.ts';
import { findImageFile } from './image-file.ts';
import { describeUrl, parseImageUrl } from './image-url.ts';

/**
 * The same items with the paths of their images in a folder that `downloadImages` filled;
 * undefined where there is none, with the problem. Asks the network nothing.
 */
export function downloadedImages(source: ItemSource<string>, folder: string): ItemSource<string> {
  return {
    itemCount: source.itemCount,
    read: async (start, end) => {
      const items = await source.read(start, end);
      return Promise.all(items.map((item) => withPath(item, folder)));
    },
  };
}

async function withPath(item: Item<string>, folder: string): Promise<Item<string>> {
  if (item.input === undefined) return item;
  try {
    return { ...item, input: await pathOf(parseImageUrl(item.input), folder) };
  } catch (error) {
    if (!(error instanceof DownloadFailure)) throw error;
    const { reason, message } = error;
    return { ...item, input: undefined, problem: { reason, message } };
  }
}

async function pathOf(url: URL, folder: string): Promise<string> {
  const path = await findImageFile(folder, url);
  if (path !== undefined) return path;
  const problem = `The image of ${describeUrl(url)} is not there: downloadImages tells why.`;
  throw new DownloadFailure('missing', problem);
}
