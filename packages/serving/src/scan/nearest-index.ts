import { availableParallelism } from 'node:os';
import { loadOptional } from '@rodpo/errors';

/** What decides how good an index is, and how fast. */
interface IndexSettings {
  /** Neighbours that an item is linked to. */
  readonly connectivity: number;
  /** Candidates that a search keeps: more are better and slower. */
  readonly expansion: number;
}

/** Items by the product of their vectors with another: most of the best, and some that nearly are. */
export interface NearestIndex {
  /** Items in no order. Takes the calling thread as long as it takes. */
  search(vector: Float32Array, count: number): number[];
}

interface Place extends IndexSettings {
  readonly width: number;
}

/** Candidates that are kept while an item is linked. */
const expansionAdd = 128;

async function emptyIndex({ width, connectivity, expansion }: Place) {
  const { Index, MetricKind, ScalarKind } = await loadOptional('usearch', () => import('usearch'));
  return new Index({
    dimensions: width,
    metric: MetricKind.IP,
    quantization: ScalarKind.F32,
    connectivity,
    expansion_add: expansionAdd,
    expansion_search: expansion,
    multi: false,
  });
}

/**
 * Items that several threads add at once may not link to one another: of few items some are then found by no
 * search, at whatever expansion. Of many it is one in ten thousand, and one thread would take too long.
 */
const mostByOneThread = 10_000;

/** Builds an index of all items into a file. Of many items the same vectors need not give the same file. */
export async function buildIndex(
  file: string,
  { vectors, width, connectivity }: { vectors: Float32Array; width: number; connectivity: number },
): Promise<void> {
  const index = await emptyIndex({ width, connectivity, expansion: expansionAdd });
  const itemCount = vectors.length / width;
  const keys = BigUint64Array.from({ length: itemCount }, (_, item) => BigInt(item));
  index.add(keys, vectors, itemCount > mostByOneThread ? availableParallelism() : 1);
  index.save(file);
}

/**
 * Opens an index where it lies: its pages are read when they are needed.
 *
 * @throws {Error} (marked as actionable) if usearch is not installed or does not work here
 */
export async function openIndex(file: string, place: Place): Promise<NearestIndex> {
  const index = await emptyIndex(place);
  index.view(file);
  return { search: (vector, count) => Array.from(index.search(vector, count, 1).keys, Number) };
}
