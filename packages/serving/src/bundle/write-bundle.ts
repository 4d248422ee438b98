import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { actionable } from '@rodpo/errors';
import {
  ifThere,
  sha256OfFile,
  writeAtomically,
  writeFolder,
  writeJsonLines,
  writeSafetensors,
  writeSealedJson,
} from '@rodpo/files';
import { fromHalf, toHalf } from '@rodpo/files/bytes';
import type { Bundle } from './bundle.ts';
import { BundleError } from './bundle-error.ts';
import { folderSource } from './folder-source.ts';
import {
  bundleFiles,
  filesOf,
  indexFile,
  type Manifest,
  type ManifestIndex,
  manifestFile,
  newItemsFile,
} from './manifest.ts';
import { readManifest } from './read-bundle.ts';
import { headOf, requireFields, requireWritable } from './require-writable.ts';

export interface WriteBundleOptions {
  /** Take the place of a bundle that is there. Default false. */
  readonly replace?: boolean;
  /** Adds what finds most of the best items without a look at all (`usearchIndex`). Default: none. */
  readonly buildIndex?: BuildIndex;
}

/** Writes an index of the bundle's items to a file, and says how it is to be asked. */
export type BuildIndex = (file: string, bundle: Bundle) => Promise<ManifestIndex>;

/**
 * Writes a bundle to a folder that appears complete or not at all.
 *
 * @throws {BundleError} (`exists`) if the folder is there, unless it is a bundle that is to be replaced
 * @throws {RangeError} (marked as actionable) if the bundle could not be opened again: settings are not as a
 * manifest has them, arrays do not fit them, ids are no strings or stand twice, or vectors are no numbers or too
 * large for float16
 */
export async function writeBundle(
  folder: string,
  bundle: Bundle,
  { replace = false, buildIndex }: WriteBundleOptions = {},
): Promise<Manifest> {
  requireWritable(bundle);
  const isThere = await checkTarget(resolve(folder), replace);
  const stored = bundle.settings.precision === 'float16' ? rounded(bundle) : bundle;
  return writeFolder(folder, (partial) => writeFiles(partial, stored, buildIndex), {
    replace: isThere,
  });
}

async function writeFiles(
  folder: string,
  bundle: Bundle,
  buildIndex: BuildIndex | undefined,
): Promise<Manifest> {
  const { settings, vectors, counts } = bundle;
  const { itemCount, width, precision } = settings;
  const path = (name: keyof typeof bundleFiles) => join(folder, bundleFiles[name]);
  await writeAtomically(path('encoder'), bundle.encoder);
  await writeAtomically(path('scores'), bundle.scores);
  if (bundle.newItems) await writeAtomically(join(folder, newItemsFile), bundle.newItems);
  const arrays = {
    vectors: { shape: [itemCount, width], data: vectors },
    counts: { shape: [itemCount], data: counts },
  };
  await writeSafetensors(path('vectors'), arrays, {}, precision ? { dtype: precision } : {});
  await writeJsonLines(path('items'), bundle.items);
  const index = await buildIndex?.(join(folder, indexFile), bundle);
  const names = filesOf({ ...settings, ...(index ? { index } : {}) });
  const files = names.map(async (name) => ({
    path: name,
    sha256: await sha256OfFile(join(folder, name)),
  }));
  const manifest = {
    ...headOf(bundle),
    ...(index ? { index } : {}),
    files: await Promise.all(files),
  };
  requireFields(manifest);
  await writeSealedJson(join(folder, manifestFile), manifest);
  return manifest;
}

/** With the vectors that will be read: an index is built of them, and its recall is theirs. */
function rounded(bundle: Bundle): Bundle {
  const vectors = new Float32Array(bundle.vectors.length);
  fromHalf('F16', toHalf('F16', bundle.vectors), vectors);
  if (vectors.every(Number.isFinite)) return { ...bundle, vectors };
  throw actionable(
    new RangeError('Item vectors reach beyond 65504, the end of float16. Export in float32.'),
  );
}

/** Whether there is a bundle to be replaced. Nothing else is ever touched. */
async function checkTarget(folder: string, replace: boolean): Promise<boolean> {
  if ((await ifThere(lstat(folder))) === undefined) return false;
  if (!replace) {
    const message = 'it is there already. Name another folder, or replace it (--fresh).';
    throw new BundleError('exists', { file: folder, message });
  }
  try {
    await readManifest(folderSource(folder));
  } catch (cause) {
    // One of another version is a bundle of ours all the same.
    if (cause instanceof BundleError && cause.problem === 'version') return true;
    const message = 'it is no bundle, so it is not replaced. Name another folder, or remove it.';
    throw new BundleError('exists', { file: folder, message }, { cause });
  }
  return true;
}
