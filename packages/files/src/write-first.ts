import { link, rm, writeFile } from 'node:fs/promises';
import { withPath } from './with-path.ts';
import { partialName } from './write-atomically.ts';

/**
 * Writes a small file that is not there yet, complete from the start. Of several processes at once, one
 * does, and the others leave it as it is.
 *
 * @returns whether this call wrote it
 * @throws the file system's error, with its `code`
 */
export async function writeFirst(file: string, text: string): Promise<boolean> {
  const partial = partialName(file);
  try {
    // On disk before the name is, as in `writeAtomically`.
    await writeFile(partial, text, { flag: 'wx', flush: true });
    await link(partial, file).catch((error) => {
      if (isThere(error)) throw error;
      // Where the file system has no links, a file that is written to is better than none.
      return writeFile(file, text, { flag: 'wx', flush: true });
    });
    return true;
  } catch (error) {
    if (isThere(error)) return false;
    throw withPath(error, file);
  } finally {
    await rm(partial, { force: true }).catch(() => undefined); // the first error is the one to tell
  }
}

function isThere(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}
