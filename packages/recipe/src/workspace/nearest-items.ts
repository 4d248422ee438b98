import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { loadOptional } from '@rodpo/errors';

/** The nearest items to some vectors, by the products of both: most of them, and some that nearly are. */
export interface NearestItems {
  /**
   * Waits until the index is built; one search at a time.
   *
   * @param vectors `[rows, width]`
   */
  search(vectors: Float32Array, count: number): Promise<FoundItems>;
  dispose(): Promise<void>;
}

export interface FoundItems {
  /** `[rows, count]`, best first; a row that found fewer is filled up with anything. */
  readonly items: Int32Array;
  /** How many each row found: `[rows]`. */
  readonly counts: Int32Array;
}

export interface NearestItemsOptions {
  /** Numbers of a vector. */
  readonly width: number;
  /** Items that a search keeps. */
  readonly expansion: number;
}

/** Neighbours that an item is linked to, and candidates that are kept while it is. */
const connectivity = 16;
const expansionAdd = 64;

/**
 * What the thread does. A text, since it must run as it is from sources and from a build; an index cannot leave the
 * thread that built it. usearch is taken from where this file would, by `require`: as a module it does not find its
 * folder in a thread. One thread builds and asks: with more, equal vectors would not give equal indices. Items
 * are added some at a time, since a call cannot be ended.
 */
const threadProgram = `
const { createRequire } = require('node:module');
const { parentPort, workerData } = require('node:worker_threads');
const { from, vectors, settings } = workerData;
const { Index, MetricKind, ScalarKind } = createRequire(from)('usearch');
const width = settings.dimensions;
const index = new Index({ metric: MetricKind.IP, quantization: ScalarKind.F32, multi: false, ...settings });
for (let begin = 0; begin < vectors.length / width; begin += 4096) {
  const some = vectors.subarray(begin * width, (begin + 4096) * width);
  const keys = BigUint64Array.from({ length: some.length / width }, (_, item) => BigInt(begin + item));
  index.add(keys, some, 1);
}
parentPort.on('message', ({ asked, count }) => {
  const { keys, counts = [keys.length] } = index.search(asked, count, 1);
  const items = new Int32Array((asked.length / width) * count);
  items.set(Int32Array.from(keys, Number));
  parentPort.postMessage({ items, counts: Int32Array.from(counts, Number) });
});
`;

/**
 * Builds an index in a thread of its own and returns at once. Equal vectors give equal answers, on one kind of
 * machine.
 *
 * @param vectors `[itemCount, width]`, not changed as long as the index is built; in shared memory nothing is copied
 * but into the index
 * @throws {Error} (marked as actionable) if usearch is not installed or does not work here
 */
export async function nearestItems(
  vectors: Float32Array,
  { width, expansion }: NearestItemsOptions,
): Promise<NearestItems> {
  await loadOptional('usearch', () => import('usearch'));
  const settings = {
    dimensions: width,
    connectivity,
    expansion_add: expansionAdd,
    expansion_search: expansion,
  };
  const thread = new Worker(threadProgram, {
    eval: true,
    // Flags of the process, such as conditions of imports, would be other ways to usearch.
    execArgv: [],
    workerData: { from: import.meta.url, vectors, settings },
  });
  // Told with the answer that it keeps from coming, or not at all if nobody asks.
  let failure: Error | undefined;
  thread.on('error', (error) => {
    failure = error;
  });
  return {
    search: async (asked, count) => {
      if (failure) throw failure;
      thread.postMessage({ asked, count });
      const [found] = await once(thread, 'message');
      return found as FoundItems;
    },
    dispose: async () => void (await thread.terminate()),
  };
}
