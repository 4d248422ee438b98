import { lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ifThere, isPartial } from '@rodpo/files';

/** Everything that a run leaves in its folder, beside its marker. */
const runFiles: readonly RegExp[] = [
  /^(summary|versions|config)\.json$/,
  /^results\/[a-z0-9-]+(\.\d+-of-\d+)?\.(json|safetensors)$/,
  /^(results|checkpoints|data)\/[a-z0-9.-]+\.shards\/(index\.json|\d+-\d{5,}\.safetensors)$/,
  /^metrics\/[a-z0-9-]+\.jsonl$/,
  /^checkpoints\/[a-z0-9-]+(\.latest)?\.safetensors$/,
  /^features\/(image|text)\/(manifest\.json|shard-\d+\.(safetensors|json))$/,
  /^data\/(ids\.json|products\.jsonl?)$/,
  /^data\/interactions\.safetensors$/,
  /^data\/images\/[^/]+\.png$/,
  /^data\/downloads\/.+$/,
];

const runFolders = [
  'results',
  'metrics',
  'checkpoints',
  'features/image',
  'features/text',
  'features',
  'data/images',
  'data/downloads',
  'data',
];

/** Where tensors lie that are too large for one file. */
const shardsFolder = /^(results|checkpoints|data)\/[a-z0-9.-]+\.shards$/;

/** Folders that `openRun` makes. */
export const runParts = ['data', 'features', 'checkpoints', 'metrics', 'results'] as const;

/**
 * Removes what a run has left in its folder, and nothing else: not the marker, and no file that is
 * not ours. A link is removed, and never followed.
 *
 * @returns paths of what was left in place, relative to the folder
 */
export async function removeRunFiles(folder: string): Promise<string[]> {
  const left: string[] = [];
  const entries = await entriesBelow(folder);
  for (const part of entries) {
    const isOurs = runFiles.some((form) => form.test(part.path)) || isPartial(part.path);
    const isOurLink = part.isLink && isRunFolder(part.path);
    if (isOurs || isOurLink) await rm(join(folder, part.path), { force: true });
    else left.push(part.path);
  }
  const shards = entries.map(({ path }) => dirname(path)).filter((path) => shardsFolder.test(path));
  await removeEmpty(folder, [...new Set(shards), ...runFolders]);
  return left;
}

function isRunFolder(path: string): boolean {
  return runFolders.includes(path) || shardsFolder.test(path);
}

interface Entry {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly isLink: boolean;
}

/** Files and links where a run has its own; whatever else lies beside them as it is. */
async function entriesBelow(folder: string, within = ''): Promise<Entry[]> {
  const found: Entry[] = [];
  const names = (await ifThere(readdir(join(folder, within), { withFileTypes: true }))) ?? [];
  for (const entry of names) {
    const path = within === '' ? entry.name : `${within}/${entry.name}`;
    const isOurs = isRunFolder(path) || path.startsWith('data/downloads/');
    if (entry.isDirectory() && isOurs) found.push(...(await entriesBelow(folder, path)));
    else if (within !== '' || !isKept(entry.name))
      found.push({ path, isLink: entry.isSymbolicLink() });
  }
  return found;
}

/** Of the folder itself: its marker and lock, which stay, and the runs of a comparison's seeds. */
function isKept(name: string): boolean {
  return name === '.rodpo.json' || /^\.lock(\.|$)/.test(name) || /^seed-\d+$/.test(name);
}

async function removeEmpty(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const path = join(folder, name);
    const isFolder = (await ifThere(lstat(path)))?.isDirectory();
    if (!isFolder) continue;
    if (name === 'data/downloads') await removeEmptyBelow(path);
    await rmdir(path).catch(ignoreFull);
  }
}

async function removeEmptyBelow(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    await removeEmptyBelow(join(folder, entry.name));
    await rmdir(join(folder, entry.name)).catch(ignoreFull);
  }
}

/** Of folders that hold what is not ours. */
export function ignoreFull(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
}
