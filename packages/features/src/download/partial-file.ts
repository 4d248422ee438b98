import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Far longer than any download may take, so nobody writes to such a file any more. */
const abandonedMilliseconds = 24 * 3600 * 1000;

/** Writes a file under a name of its own, and gives it its real name when it is complete. */
export async function writeComplete(
  folder: string,
  path: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const partial = join(partialFolder(folder), `${randomUUID()}.partial`);
  try {
    await writeFlushed(partial, write);
    await mkdir(dirname(path), { recursive: true });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Makes the place for partial files, and removes what runs that were killed left there. */
export async function preparePartialFiles(folder: string, now: number): Promise<void> {
  const place = partialFolder(folder);
  await mkdir(place, { recursive: true });
  for (const name of await readdir(place)) {
    const path = join(place, name);
    const written = await stat(path).catch(() => undefined); // another run may be quicker
    if (written && now - written.mtimeMs > abandonedMilliseconds) await rm(path, { force: true });
  }
}

async function writeFlushed(
  path: string,
  write: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await write(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

function partialFolder(folder: string): string {
  return join(folder, 'partial');
}
