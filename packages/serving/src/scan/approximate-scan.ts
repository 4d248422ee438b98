import type { Bundle } from '../bundle/bundle.ts';
import type { ScoredItem } from './best-list.ts';
import type { ExactScan, ScanRequest } from './exact-scan.ts';
import type { NearestIndex } from './nearest-index.ts';

/**
 * Asks an index where it can, and passes over the catalogue where it must: for filters, for scaled
 * scores, and where the index found too little. What the index finds is scored exactly.
 */
export function approximateScan(
  { vectors, settings: { width, itemCount } }: Bundle,
  { exact, index }: { readonly exact: ExactScan; readonly index: NearestIndex },
): ExactScan {
  const byIndex = (user: Float32Array, request: ScanRequest): ScoredItem[] | undefined => {
    const { count, isWanted, refused, scaleOf } = request;
    if (refused === undefined || scaleOf) return undefined;
    const asked = Math.min(count + refused, itemCount);
    const found = index
      .search(user, asked)
      .filter(isWanted)
      .map((item) => ({ item, score: product(user, vectors, item * width) }))
      .sort((a, b) => b.score - a.score || a.item - b.item)
      .slice(0, count);
    return found.length < Math.min(count, itemCount - refused) ? undefined : found;
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

function product(user: Float32Array, vectors: Float32Array, from: number): number {
  let sum = 0;
  for (let at = 0; at < user.length; at++) sum += user[at]! * vectors[from + at]!;
  return Math.fround(sum);
}
