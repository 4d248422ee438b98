import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '@rodpo/files';
import { type ImageExtension, imageExtensions } from './image-format.ts';

/** Where the image of a URL is kept: `<folder>/<2 digits>/<SHA-256 of the URL>.<format>`. */
export function imageFile(folder: string, url: URL, extension: ImageExtension): string {
  const name = urlDigest(url);
  return join(folder, name.slice(0, 2), `${name}.${extension}`);
}

/** SHA-256 of a URL, in 64 hexadecimal digits. */
export function urlDigest(url: URL): string {
  return sha256Of(url.href);
}

/** The image of a URL in the folder; undefined if it is not there. */
export async function findImageFile(folder: string, url: URL): Promise<string | undefined> {
  for (const extension of imageExtensions) {
    const path = imageFile(folder, url, extension);
    if (await exists(path)) return path;
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
