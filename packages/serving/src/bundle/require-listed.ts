import { quote } from '@rodpo/errors';
import { BundleError, exportAgain } from './bundle-error.ts';
import { filesOf, type Manifest, manifestFile } from './manifest.ts';

/**
 * Looks at the names alone, before any file is opened: what lies outside is not even read.
 *
 * @throws {BundleError} if the manifest does not list every file, or one that leads out of the bundle
 */
export function requireListed(manifest: Manifest, nameOf: (path: string) => string): void {
  const listed = new Set(manifest.files.map(({ path }) => path));
  const missing = filesOf(manifest).find((path) => !listed.has(path));
  if (missing !== undefined) {
    const message = `it does not list ${missing}. ${exportAgain}`;
    throw new BundleError('missing', { file: nameOf(manifestFile), message });
  }
  for (const path of listed) if (!isPlain(path)) throw outside(path, nameOf(manifestFile));
}

function isPlain(path: string): boolean {
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part));
}

/** @param file the manifest */
export function outside(path: string, file: string): BundleError {
  const message = `it names ${quote(path)}, which leads out of the bundle's folder. Do not use this bundle: what 'rodpo export' writes stays in its folder.`;
  return new BundleError('path', { file, message });
}

/** @param file one that the manifest lists */
export function changed(file: string): BundleError {
  const message = `its checksum is not that of the manifest: it was changed. ${exportAgain}`;
  return new BundleError('damaged', { file, message });
}
