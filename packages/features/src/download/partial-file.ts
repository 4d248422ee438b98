import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeStalePartials, writeAtomically } from '@rodpo/files';

/** Far longer than any download may take, so nobody writes to such a file any more. */
const abandonedMilliseconds = 24 * 3600 * 1000;

/** Writes a file that appears complete, its unfinished part in a place where all of these lie. */
export async function writeComplete(
  folder: string,
  path: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, pieces, { partialFolder: partialFolder(folder) });
}

/** Makes the place for partial files, and removes what runs that were killed left there. */
export async function preparePartialFiles(folder: string): Promise<void> {
  const place = partialFolder(folder);
  await mkdir(place, { recursive: true });
  await removeStalePartials(place, { olderThanMs: abandonedMilliseconds });
}

function partialFolder(folder: string): string {
  return join(folder, 'partial');
}
