import { join } from 'node:path';
import { requireOneOf } from '@rodpo/errors';
import type { Model } from './answer/recommend.ts';
import type { Bundle } from './bundle/bundle.ts';
import { BundleError } from './bundle/bundle-error.ts';
import { folderSource } from './bundle/folder-source.ts';
import { indexFile, type Manifest } from './bundle/manifest.ts';
import { readBundle } from './bundle/read-bundle.ts';
import { type WriteBundleOptions, writeBundle } from './bundle/write-bundle.ts';
import { nativeSessions, type SessionOptions } from './reading/native-sessions.ts';
import {
  openModel,
  type Recommender as RecommenderAnywhere,
  recommenderOf,
} from './recommender.ts';
import { approximateScan } from './scan/approximate-scan.ts';
import { type NearestIndex, openIndex } from './scan/nearest-index.ts';

export interface OpenBundleOptions extends SessionOptions {
  /**
   * `exact` scores every item; `approximate` asks the bundle's index, and scores every item where there
   * is a filter. Default `exact`.
   */
  readonly index?: 'exact' | 'approximate';
}

/** An opened bundle. Any number of requests may be under way at once. */
export interface Recommender extends RecommenderAnywhere {
  /**
   * Writes a bundle of the items that there are now, those that were added among them; an index is built anew,
   * if `buildIndex` is given.
   *
   * @throws {BundleError} (`exists`) as `writeBundle`
   */
  save(folder: string, options?: WriteBundleOptions): Promise<Manifest>;
}

/**
 * Opens a bundle: checks every file, loads the vectors, starts onnxruntime.
 *
 * @throws {BundleError} if the folder holds no bundle, or it is not as it was written
 * @throws {BundleError} (`missing`) if it has no index, and `index` is `approximate`
 * @throws {RangeError} (marked as actionable) if `index` is neither
 * @throws {Error} (marked as actionable) if onnxruntime-node or usearch cannot be loaded
 */
export async function openBundle(
  folder: string,
  { index = 'exact', ...options }: OpenBundleOptions = {},
): Promise<Recommender> {
  requireOneOf('index', index, ['exact', 'approximate']);
  const bundle = await readBundle(folderSource(folder));
  const openSession = nativeSessions(options);
  const model = await openModel(bundle, {
    openSession,
    scanBy: async (exact, vectors) => {
      if (index === 'exact') return exact;
      const nearest = await indexOf(folder, bundle.manifest);
      return approximateScan(bundle, { exact, index: nearest, vectors });
    },
  });
  return {
    ...recommenderOf(bundle, model, openSession),
    save: (target, own) => writeBundle(target, withAdded(model), own),
  };
}

/** A bundle of all items that there are now. */
function withAdded({ bundle, catalogue, vectors }: Model): Bundle {
  const counts = new Int32Array(vectors.count);
  counts.set(bundle.counts);
  const settings = { ...bundle.settings, itemCount: vectors.count };
  return { ...bundle, settings, counts, vectors: vectors.all(), items: [...catalogue.items] };
}

/** @throws {BundleError} if there is none */
async function indexOf(folder: string, { index, width }: Manifest): Promise<NearestIndex> {
  const file = join(folder, indexFile);
  if (index) return openIndex(file, { width, ...index });
  const message =
    "there is no index in this bundle. Export it with --index, or open it with index: 'exact'.";
  throw new BundleError('missing', { file, message });
}
