import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { formerName, partialName, syncFolder } from './write-atomically.ts';

export interface WriteFolderOptions {
  /**
   * Take the place of a folder that is there, which is then gone with all that it holds: look at it before. Default
   * false.
   */
  readonly replace?: boolean;
}

/**
 * Writes a folder that appears complete or not at all, under another name first. A writer that is killed leaves
 * that one, and the folder that it was replacing under a third if it had stepped aside: `removeStalePartials`
 * removes the one and puts back the other. A writer that fails does so itself.
 *
 * @param write fills the folder that it is given
 * @returns what `write` gave
 * @throws the file system's error, with its `code`, such as `ENOTEMPTY` if something is there that is not to be
 * replaced
 */
export async function writeFolder<Result>(
  folder: string,
  write: (partial: string) => Promise<Result>,
  { replace = false }: WriteFolderOptions = {},
): Promise<Result> {
  const target = resolve(folder);
  const partial = partialName(target);
  await mkdir(dirname(target), { recursive: true });
  try {
    await mkdir(partial);
    const result = await write(partial);
    if (replace) await replaceFolder(partial, target);
    else await rename(partial, target);
    await syncFolder(dirname(target));
    return result;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined); // the first error is the one to tell
    throw error;
  }
}

/**
 * A folder cannot be renamed over another that holds something: the old one steps aside first. It keeps a name by
 * which it is put back, since a writer that is killed right then leaves nothing in its place.
 */
async function replaceFolder(partial: string, target: string): Promise<void> {
  const former = formerName(target);
  await rename(target, former);
  await rename(partial, target).catch(async (error) => {
    await rename(former, target);
    throw error;
  });
  await rm(former, { recursive: true }).catch(() => undefined); // the new one is there, whatever is left of this
}
