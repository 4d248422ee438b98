import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from './if-there.ts';
import { finishedName, isFormer, isPartial } from './write-atomically.ts';

export interface StalePartialsOptions {
  /**
   * Least time since a partial file was last written to, in milliseconds. 0 takes them all: only for
   * a folder that is locked by the caller, before it writes to it.
   */
  readonly olderThanMs: number;
  /** Name of the file or folder that they were to become. Default: any. */
  readonly of?: string;
}

/**
 * Removes what writers that were killed have left in a folder (not in those below it): files and folders whose
 * names `partialName` made. A folder that `writeFolder` was replacing is put back where nothing took its place.
 *
 * @returns the names removed; none if there is no such folder
 */
export async function removeStalePartials(
  folder: string,
  { olderThanMs, of }: StalePartialsOptions,
): Promise<string[]> {
  const removed: string[] = [];
  for (const name of ((await ifThere(readdir(folder))) ?? []).filter(isPartial)) {
    if (of !== undefined && finishedName(name) !== of) continue;
    const path = join(folder, name);
    const found = await ifThere(stat(path));
    if (found === undefined) continue; // its writer has finished meanwhile
    // A former folder was written to long ago; what counts is when it got its name.
    const since = isFormer(name) ? found.ctimeMs : found.mtimeMs;
    if (Math.max(0, Date.now() - since) < olderThanMs) continue;
    if (isFormer(name) && (await putBack(path))) continue;
    await rm(path, { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

/** Whether there was nothing in its place. */
async function putBack(former: string): Promise<boolean> {
  const place = finishedName(former);
  if (await ifThere(stat(place))) return false;
  await rename(former, place);
  return true;
}
