import type { ItemVectors } from '../bundle/item-vectors.ts';
import type { AnswerItem } from './answer.ts';
import { lengthOf } from './length-of.ts';
import type { Model } from './recommend.ts';
import { type ItemFilter, requireCount, UnknownItemError } from './request.ts';

export interface SimilarOptions {
  /** How many. Default 10. */
  readonly count?: number;
  /** The most similar of those that pass. Default: all pass. */
  readonly filter?: ItemFilter;
}

/** What makes an item's vector one of length 1; 0 for a vector of zeros. Worked out for all at the first. */
export function inverseLengths(vectors: ItemVectors): (item: number) => number {
  let known = new Float32Array(0);
  const inverseOf = (item: number) => {
    const length = lengthOf(vectors.of(item));
    return length > 0 ? 1 / length : 0;
  };
  return (item) => {
    const former = known;
    if (item >= former.length) {
      known = Float32Array.from({ length: vectors.count }, (_, at) => former[at] ?? inverseOf(at));
    }
    return known[item]!;
  };
}

/**
 * The items whose vectors have the greatest cosine to that of an item, which is their score; the item
 * itself is not among them.
 *
 * @throws {UnknownItemError} if the bundle has no such item
 * @throws {RequestError} if `count` is not a positive integer
 */
export async function similar(
  { catalogue, vectors, scan }: Model,
  inverseLengthOf: (item: number) => number,
  id: string,
  { count = 10, filter }: SimilarOptions,
): Promise<AnswerItem[]> {
  requireCount('count', count);
  const own = catalogue.indexOf(id);
  if (own === undefined) throw new UnknownItemError(id);
  const vector = vectors.of(own).map((value) => value * inverseLengthOf(own));
  const passes = catalogue.passes(filter);
  const [found] = await scan.best(vector, [
    {
      count,
      isWanted: (item) => item !== own && passes(item),
      scaleOf: inverseLengthOf,
    },
  ]);
  return found!.map(({ item, score }) => ({ ...catalogue.items[item]!, score }));
}
