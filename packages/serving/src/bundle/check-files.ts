import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { quote } from '@rodpo/errors';
import { isMissing, sha256OfFile } from '@rodpo/files';
import { BundleError, exportAgain } from './bundle-error.ts';
import { filesOf, type ListedFile, type Manifest, manifestFile } from './manifest.ts';

/**
 * Reads every file of a bundle once, and compares what it holds with the manifest.
 *
 * @throws {BundleError} if one is missing or was changed, or lies outside of the folder
 */
export async function checkFiles(folder: string, manifest: Manifest): Promise<void> {
  const { files } = manifest;
  const listed = new Set(files.map(({ path }) => path));
  const expected = filesOf(manifest);
  const missing = expected.find((path) => !listed.has(path));
  if (missing !== undefined) {
    const message = `it does not list ${missing}. ${exportAgain}`;
    throw new BundleError('missing', { file: join(folder, manifestFile), message });
  }
  // By name before any is opened: what lies outside is not even read.
  for (const { path } of files) requireInside(folder, path);
  const home = await realpath(folder);
  for (const file of files) await checkFile(home, file);
}

async function checkFile(home: string, { path, sha256 }: ListedFile): Promise<void> {
  const file = join(home, path);
  try {
    // A link has a harmless name, and may lead anywhere.
    const way = relative(home, await realpath(file));
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) throw outside(home, path);
    if ((await sha256OfFile(file)) === sha256) return;
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    const message = `it is missing. ${exportAgain}`;
    throw new BundleError('missing', { file, message }, { cause });
  }
  const message = `its checksum is not that of the manifest: it was changed. ${exportAgain}`;
  throw new BundleError('damaged', { file, message });
}

function requireInside(folder: string, path: string): void {
  const isPlain = path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part));
  if (!isPlain) throw outside(folder, path);
}

function outside(folder: string, path: string): BundleError {
  const message = `it names ${quote(path)}, which leads out of the bundle's folder. Do not use this bundle: what 'rodpo export' writes stays in its folder.`;
  return new BundleError('path', { file: join(folder, manifestFile), message });
}
