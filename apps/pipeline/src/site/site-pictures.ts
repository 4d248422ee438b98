import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { writeAtomically } from '@rodpo/files';
import sharp from 'sharp';
import { imageFolder, picturesOf } from '../features/catalogue.ts';
import type { Run } from '../run/run.ts';

/** Twice the size that the page shows, for screens that have two pixels where others have one. */
const side = 96;
/** Pictures that are worked on together. */
const atOnce = 64;
/** More is none that a shop has, but a file that unpacks to the machine's memory. */
const mostPixels = 100e6;

/**
 * Writes small copies of the pictures of the items, `pictures/0.webp` and so on, as far as the catalogue has their files
 * on this machine. What cannot be read has none, and how many those are is said.
 *
 * @param folder of the site
 * @param ids of the items
 * @returns the address of each copy within the site, by item
 * @throws {ConfigError} if the run's catalogue has no pictures
 */
export async function writePictures(
  run: Run,
  folder: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const source = await picturesOf(run);
  const indexOf = new Map(ids.map((id, index) => [id, index]));
  const found = new Map<string, string>();
  await mkdir(join(folder, 'pictures'));
  const progress = run.reporter.progress('copying pictures', source.itemCount, 'items');
  for (let start = 0; start < source.itemCount; start += atOnce) {
    const items = await source.read(start, start + atOnce);
    await Promise.all(
      items.map(async ({ id, input }) => {
        const index = indexOf.get(id);
        if (index === undefined || !input) return;
        const address = `pictures/${index}.webp`;
        const isCopied = await copy(resolve(imageFolder(run), input), join(folder, address));
        if (isCopied) found.set(id, address);
      }),
    );
    progress.advance(items.length);
  }
  progress.done(`${found.size} of ${ids.length} items have a picture`);
  return found;
}

async function copy(from: string, to: string): Promise<boolean> {
  try {
    const small = await sharp(from, { limitInputPixels: mostPixels })
      .rotate()
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 75 })
      .toBuffer();
    await writeAtomically(to, small);
    return true;
  } catch (error) {
    if (isOfSystem(error)) throw error;
    return false;
  }
}

/** A full disk is no broken picture. */
const isOfSystem = (error: unknown) => error instanceof Error && 'code' in error;
