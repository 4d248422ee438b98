import type { Bundle } from '../bundle/bundle.ts';
import { ItemVectors } from '../bundle/item-vectors.ts';
import type { ScoredItem } from './best-list.ts';
import type { ExactScan, ScanRequest } from './exact-scan.ts';
import type { NearestIndex } from './nearest-index.ts';

interface ApproximateScanParts {
  readonly exact: ExactScan;
  readonly index: NearestIndex;
  /** With those that were added. Default: of the bundle alone. */
  readonly vectors?: ItemVectors;
}

/**
 * Asks an index where it can, and passes over the catalogue where it must: for filters, for scaled
 * scores, and where the index found too little. What the index finds is scored exactly. A file that is
 * read where it lies takes no additions, so items that were added are scored one by one beside it.
 */
export function approximateScan(
  bundle: Bundle,
  { exact, index, vectors = new ItemVectors(bundle) }: ApproximateScanParts,
): ExactScan {
  const { width, baseCount } = vectors;
  const byIndex = (user: Float32Array, request: ScanRequest): ScoredItem[] | undefined => {
    const { count, isWanted, refused, scaleOf } = request;
    if (refused === undefined || scaleOf) return undefined;
    const near = index.search(user, Math.min(count + refused, baseCount)).filter(isWanted);
    if (near.length < Math.min(count, baseCount - refused)) return undefined;
    const added = { length: vectors.count - baseCount };
    const found = [...near, ...Array.from(added, (_, place) => baseCount + place).filter(isWanted)]
      .map((item) => ({ item, score: product(user, vectors.of(item)) }))
      .sort((a, b) => b.score - a.score || a.item - b.item)
      .slice(0, count);
    return found.length < Math.min(count, vectors.count - refused) ? undefined : found;
  };
  return {
    best: async (users, requests) => {
      const userOf = (place: number) => users.subarray(place * width, (place + 1) * width);
      const found = requests.map((request, place) => byIndex(userOf(place), request));
      const left = [...requests.keys()].filter((place) => found[place] === undefined);
      const vectorsLeft = new Float32Array(left.length * width);
      for (const [at, place] of left.entries()) vectorsLeft.set(userOf(place), at * width);
      const lists = await exact.best(
        vectorsLeft,
        left.map((place) => requests[place]!),
      );
      for (const [at, place] of left.entries()) found[place] = lists[at]!;
      return found.map((list) => list!);
    },
    dispose: () => exact.dispose(),
  };
}

function product(user: Float32Array, vector: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < user.length; at++) sum += user[at]! * vector[at]!;
  return Math.fround(sum);
}
