import { link, rm, writeFile } from 'node:fs/promises';
import { partialName } from '@rodpo/files';

/**
 * Writes a JSON file that is not there yet, complete from the start. Of several processes at once,
 * one does, and the others leave it as it is.
 */
export async function writeFirst(file: string, value: object): Promise<void> {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  const partial = partialName(file);
  try {
    await writeFile(partial, text, { flag: 'wx', flush: true });
    // Where the file system has no links, a file that is written to is better than none.
    await link(partial, file).catch((error) => {
      if (isThere(error)) throw error;
      return writeFile(file, text, { flag: 'wx', flush: true });
    });
  } catch (error) {
    if (!isThere(error)) throw error;
  } finally {
    await rm(partial, { force: true });
  }
}

function isThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}
