import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, openSafetensors, readJsonLines } from '@rodpo/files';
import type { Bundle, BundleItem } from './bundle.ts';
import { BundleError, exportAgain } from './bundle-error.ts';
import { checkFiles } from './check-files.ts';
import { bundleFiles, type Manifest, newItemsFile, readManifest } from './manifest.ts';

/** A bundle as it was written, with its manifest. */
export interface ReadBundle extends Bundle {
  readonly manifest: Manifest;
}

/** @throws {BundleError} if the folder holds no bundle, or not as it was written */
export async function readBundle(folder: string): Promise<ReadBundle> {
  const manifest = await readManifest(folder);
  await checkFiles(folder, manifest);
  const path = (name: keyof typeof bundleFiles) => join(folder, bundleFiles[name]);
  const { itemCount, width } = manifest;
  const vectors = new Float32Array(itemCount * width);
  const counts = new Int32Array(itemCount);
  await readArrays(path('vectors'), manifest, { vectors, counts });
  const { kind: _, format: __, model, metrics, files: ___, index: ____, ...settings } = manifest;
  return {
    manifest,
    model,
    metrics,
    settings,
    vectors,
    counts,
    encoder: await readFile(path('encoder')),
    scores: await readFile(path('scores')),
    ...(manifest.modalities ? { newItems: await readFile(join(folder, newItemsFile)) } : {}),
    items: await readItems(path('items'), itemCount),
  };
}

async function readArrays(
  file: string,
  { itemCount, width }: Manifest,
  { vectors, counts }: Pick<Bundle, 'vectors' | 'counts'>,
): Promise<void> {
  const opened = await openSafetensors(file);
  try {
    const shapes = { vectors: [itemCount, width], counts: [itemCount] };
    for (const [name, shape] of Object.entries(shapes)) {
      const found = opened.tensors.find((tensor) => tensor.name === name);
      if (`${found?.shape}` === `${shape}`) continue;
      const message = `expected '${name}' of shape [${shape}], got ${found ? `[${found.shape}]` : 'none'}. ${exportAgain}`;
      throw new BundleError('damaged', { file, message });
    }
    await opened.read('vectors', vectors);
    await opened.read('counts', counts);
  } finally {
    await opened.close();
  }
}

async function readItems(file: string, itemCount: number): Promise<readonly BundleItem[]> {
  const { values, torn } = await readJsonLines(file);
  const isItem = (value: unknown) => isJsonObject(value) && typeof value.id === 'string';
  if (!torn && values.length === itemCount && values.every(isItem)) return values as BundleItem[];
  const message = `expected ${itemCount} items with an id each, got ${values.length} lines. ${exportAgain}`;
  throw new BundleError('damaged', { file, message });
}
