import { access, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteList } from '@rodpo/errors';
import { ifThere } from '@rodpo/files';
import { markerFile } from './marker.ts';
import { ignoreFull, removeRunFiles } from './own-files.ts';

/** Removes what a run has left in its folder, and says what stays because no run made it. */
export async function clearRun(folder: string, say: (message: string) => void): Promise<void> {
  const left = await removeRunFiles(folder);
  if (left.length === 0) return;
  say(`${folder}: --fresh leaves in place what no run made: ${quoteList(left, 3)}`);
}

/** Removes a comparison's files and the runs in its folder; whatever else lies there stays. */
export async function clearComparison(
  folder: string,
  say: (message: string) => void,
): Promise<void> {
  for (const name of ['comparison.json', 'report.html', 'report.md']) {
    await rm(join(folder, name), { force: true });
  }
  for (const run of await runsBelow(folder)) {
    await clearRun(run, say);
    await rm(join(run, markerFile));
    await rmdir(run).catch(ignoreFull);
  }
  await rm(join(folder, 'compare.json'), { force: true });
}

/** Those of an encoder's seeds before its own, so that a folder is empty when its turn comes. */
async function runsBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const hasMarker = () => ifThere(access(join(path, markerFile)).then(() => true));
    if (entry.isDirectory() && (await hasMarker())) found.push(...(await runsBelow(path)), path);
  }
  return found;
}
