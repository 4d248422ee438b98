import { type Bundle, type BundleItem, isItem } from './bundle.ts';
import { BundleError, exportAgain } from './bundle-error.ts';
import type { BundleSource } from './bundle-source.ts';
import {
  bundleFiles,
  checkedManifest,
  type Manifest,
  manifestFile,
  newItemsFile,
} from './manifest.ts';
import { requireListed } from './require-listed.ts';

/** A bundle as it was written, with its manifest. */
export interface ReadBundle extends Bundle {
  readonly manifest: Manifest;
}

/** @throws {BundleError} if there is no manifest, it is damaged, or of another version */
export async function readManifest(source: BundleSource): Promise<Manifest> {
  return checkedManifest(await source.manifest(), source.nameOf(manifestFile));
}

/** @throws {BundleError} if there is no bundle, or not as it was written */
export async function readBundle(source: BundleSource): Promise<ReadBundle> {
  const manifest = await readManifest(source);
  requireListed(manifest, source.nameOf);
  await source.find(manifest.files);
  // Checksums wait for the disk most of the time. Nothing is of use before they have been compared.
  const checking = source.check(manifest.files);
  const reading = readParts(source, manifest);
  reading.catch(() => {}); // of a file that is not as it was written, the checksum says more
  await checking;
  return reading;
}

async function readParts(source: BundleSource, manifest: Manifest): Promise<ReadBundle> {
  const { kind: _, format: __, model, metrics, files: ___, index: ____, ...settings } = manifest;
  return {
    manifest,
    model,
    metrics,
    settings,
    ...(await readArrays(source, manifest)),
    encoder: await source.bytes(bundleFiles.encoder),
    scores: await source.bytes(bundleFiles.scores),
    ...(manifest.modalities ? { newItems: await source.bytes(newItemsFile) } : {}),
    items: await readItems(source, manifest),
  };
}

async function readArrays(
  source: BundleSource,
  { itemCount, width }: Manifest,
): Promise<Pick<Bundle, 'vectors' | 'counts'>> {
  const opened = await source.tensors(bundleFiles.vectors);
  try {
    const shapes = { vectors: [itemCount, width], counts: [itemCount] };
    for (const [name, shape] of Object.entries(shapes)) {
      const found = opened.shapes.get(name);
      if (`${found}` === `${shape}`) continue;
      const message = `expected '${name}' of shape [${shape}], got ${found ? `[${found}]` : 'none'}. ${exportAgain}`;
      throw new BundleError('damaged', { file: source.nameOf(bundleFiles.vectors), message });
    }
    const vectors = await opened.read('vectors', Float32Array);
    return { vectors, counts: await opened.read('counts', Int32Array) };
  } finally {
    await opened.close();
  }
}

async function readItems(
  source: BundleSource,
  { itemCount }: Manifest,
): Promise<readonly BundleItem[]> {
  const { values, torn } = await source.lines(bundleFiles.items);
  if (!torn && values.length === itemCount && values.every(isItem)) return values;
  const message = `expected ${itemCount} items with an id each, got ${values.length} lines. ${exportAgain}`;
  throw new BundleError('damaged', { file: source.nameOf(bundleFiles.items), message });
}
