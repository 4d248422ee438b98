import { join } from 'node:path';
import { itemAdder } from './adding/item-adder.ts';
import type { NewItem } from './adding/new-item.ts';
import type { Answer, AnswerItem } from './answer/answer.ts';
import { catalogueOf } from './answer/catalogue.ts';
import { type Model, recommendAll } from './answer/recommend.ts';
import { checkRequest, type RecommendRequest } from './answer/request.ts';
import { inverseLengths, type SimilarOptions, similar } from './answer/similar.ts';
import type { Bundle, BundleItem } from './bundle/bundle.ts';
import { BundleError } from './bundle/bundle-error.ts';
import { ItemVectors } from './bundle/item-vectors.ts';
import { indexFile, type Manifest } from './bundle/manifest.ts';
import { readBundle } from './bundle/read-bundle.ts';
import { type WriteBundleOptions, writeBundle } from './bundle/write-bundle.ts';
import { openReader } from './reading/history-reader.ts';
import type { SessionOptions } from './reading/open-session.ts';
import { approximateScan } from './scan/approximate-scan.ts';
import { openScan } from './scan/exact-scan.ts';
import { type NearestIndex, openIndex } from './scan/nearest-index.ts';

export interface OpenBundleOptions extends SessionOptions {
  /**
   * `exact` scores every item; `approximate` asks the bundle's index, and scores every item where there
   * is a filter. Default `exact`.
   */
  readonly index?: 'exact' | 'approximate';
}

/** An opened bundle. Any number of requests may be under way at once. */
export interface Recommender {
  /** What the bundle says about itself: its model, sizes and metrics. */
  readonly manifest: Manifest;
  /** What is known of an item; undefined if the bundle has none of that id. */
  item(id: string): BundleItem | undefined;
  /**
   * Whether a request can be answered: for whoever gathers many, so that a wrong one does not spoil
   * the others. What is wrong is told with `name` (default `request`).
   *
   * @throws {RequestError} if `count`, `diversity` or `times` is not as it must be
   */
  check(request: RecommendRequest, name?: string): void;
  /**
   * The items that the model scores best after a history, those of the history left out. Items that
   * the bundle does not have are no error: they are left out and told. Of a history without any that
   * it has, the answer goes by popularity.
   *
   * @throws {RequestError} if `count`, `diversity` or `times` is not as it must be
   */
  recommend(request: RecommendRequest): Promise<Answer>;
  /** Answers to many requests, in their order: cheaper than one by one. @throws {RequestError} */
  recommendAll(requests: readonly RecommendRequest[]): Promise<Answer[]>;
  /**
   * The items most similar to one, by the cosine of their vectors.
   *
   * @throws {UnknownItemError} if the bundle has no such item
   * @throws {RequestError} if `count` is not a positive integer
   */
  similar(id: string, options?: SimilarOptions): Promise<AnswerItem[]>;
  /**
   * Takes items that the model was not trained on, by what is known of them: from when it resolves they are
   * in answers, histories, filters and `similar` as all others, with a popularity of 0. All are taken or
   * none. The folder is not changed, and who opens it again finds them gone, unless they were saved.
   *
   * @throws {NewItemError} if the bundle takes none, an id is there already, or vectors do not fit
   */
  add(items: readonly NewItem[]): Promise<void>;
  /**
   * Writes a bundle of the items that there are now, those that were added among them; an index is built anew,
   * if `buildIndex` is given.
   *
   * @throws {BundleError} (`exists`) as `writeBundle`
   */
  save(folder: string, options?: WriteBundleOptions): Promise<Manifest>;
  /** Frees the native sessions. Nothing can be asked afterwards. */
  dispose(): Promise<void>;
}

/**
 * Opens a bundle: checks every file, loads the vectors, starts onnxruntime.
 *
 * @throws {BundleError} if the folder holds no bundle, or it is not as it was written
 * @throws {BundleError} (`missing`) if it has no index, and `index` is `approximate`
 * @throws {Error} (marked as actionable) if onnxruntime-node or usearch cannot be loaded
 */
export async function openBundle(
  folder: string,
  options: OpenBundleOptions = {},
): Promise<Recommender> {
  // bundle → reader → encoder → scan → answer
  const bundle = await readBundle(folder);
  const catalogue = catalogueOf(bundle);
  const vectors = new ItemVectors(bundle);
  const reader = await openReader(bundle, options, vectors);
  const exact = await openScan(bundle, options, vectors);
  const scan =
    options.index === 'approximate'
      ? approximateScan(bundle, { exact, index: await indexOf(folder, bundle.manifest), vectors })
      : exact;
  const model = { bundle, catalogue, vectors, reader, scan };
  const adder = itemAdder(bundle, { catalogue, vectors, options });
  const inverseLengthOf = inverseLengths(vectors);
  return {
    manifest: bundle.manifest,
    item: (id) => {
      const index = catalogue.indexOf(id);
      return index === undefined ? undefined : catalogue.items[index];
    },
    check: (request, name = 'request') =>
      checkRequest(request, { readsTimes: bundle.settings.times !== undefined, name }),
    recommend: async (request) => (await recommendAll(model, [request]))[0]!,
    recommendAll: (requests) => recommendAll(model, requests),
    similar: (id, own = {}) => similar(model, inverseLengthOf, id, own),
    add: (items) => adder.add(items),
    save: (target, own) => writeBundle(target, withAdded(model), own),
    dispose: async () => {
      await adder.dispose();
      await reader.dispose();
      await scan.dispose();
    },
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
