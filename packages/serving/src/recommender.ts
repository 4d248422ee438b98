import { itemAdder } from './adding/item-adder.ts';
import type { NewItem } from './adding/new-item.ts';
import type { Answer, AnswerItem } from './answer/answer.ts';
import { catalogueOf } from './answer/catalogue.ts';
import { type Model, recommendAll } from './answer/recommend.ts';
import { checkRequest, type RecommendRequest } from './answer/request.ts';
import { inverseLengths, type SimilarOptions, similar } from './answer/similar.ts';
import type { Bundle, BundleItem } from './bundle/bundle.ts';
import { ItemVectors } from './bundle/item-vectors.ts';
import type { Manifest } from './bundle/manifest.ts';
import type { ReadBundle } from './bundle/read-bundle.ts';
import { lifetimeOf } from './lifetime.ts';
import { orFree } from './or-free.ts';
import { openReader } from './reading/history-reader.ts';
import type { OpenSession } from './reading/session.ts';
import { type ExactScan, openScan } from './scan/exact-scan.ts';

/** An opened bundle. Any number of requests may be under way at once. */
export interface Recommender {
  /** What the bundle says about itself: its model, sizes and metrics. */
  readonly manifest: Manifest;
  /** What is known of each item that there is now, in the bundle's order. */
  readonly items: readonly BundleItem[];
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
   * it has, or of which the encoder makes no numbers, the answer goes by popularity.
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
   * none. The bundle itself is not changed, and who opens it again finds them gone.
   *
   * @throws {NewItemError} if the bundle takes none, an id is there already, or vectors do not fit
   */
  add(items: readonly NewItem[]): Promise<void>;
  /**
   * Frees the sessions of onnxruntime, after what was asked before is answered; a second time does nothing.
   * Whatever is asked from then on is refused with an `Error`.
   */
  dispose(): Promise<void>;
}

/** Where an engine is put between a bundle and its answers. */
export interface Engine {
  readonly openSession: OpenSession;
  /** What asks an index, and the exact scan where it must. Default: the exact scan alone. */
  readonly scanBy?: (exact: ExactScan, vectors: ItemVectors) => Promise<ExactScan>;
}

/** bundle → reader → encoder → scan → answer. Where one of them cannot be opened, those before it are freed. */
export async function openModel(
  bundle: Bundle,
  { openSession, scanBy = async (exact) => exact }: Engine,
): Promise<Model> {
  const vectors = new ItemVectors(bundle);
  const reader = await openReader(bundle, openSession, vectors);
  const scan = await orFree(reader, async () => {
    const exact = await openScan(bundle, openSession, vectors);
    return orFree(exact, () => scanBy(exact, vectors));
  });
  return { bundle, catalogue: catalogueOf(bundle), vectors, reader, scan };
}

/** What is answered by a model, whatever runs it. */
export function recommenderOf(
  { manifest }: ReadBundle,
  model: Model,
  openSession: OpenSession,
): Recommender {
  const { bundle, catalogue, vectors, reader, scan } = model;
  const adder = itemAdder(bundle, { catalogue, vectors, openSession });
  const inverseLengthOf = inverseLengths(vectors);
  const { ask, end } = lifetimeOf('The bundle', async () => {
    await adder.dispose();
    await reader.dispose();
    await scan.dispose();
  });
  const check = (request: RecommendRequest, name = 'request') =>
    checkRequest(request, { settings: bundle.settings.times, name });
  const answers = async (requests: readonly RecommendRequest[]) => {
    for (const [index, request] of requests.entries()) check(request, `requests[${index}]`);
    return recommendAll(model, requests);
  };
  return {
    manifest,
    items: catalogue.items,
    item: (id) => {
      const index = catalogue.indexOf(id);
      return index === undefined ? undefined : catalogue.items[index];
    },
    check,
    recommend: (request) => ask(async () => (await answers([request]))[0]!),
    recommendAll: (requests) => ask(() => answers(requests)),
    similar: (id, own = {}) => ask(() => similar(model, inverseLengthOf, id, own)),
    add: (items) => ask(() => adder.add(items)),
    dispose: end,
  };
}
