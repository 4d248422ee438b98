import type { Bundle } from '../bundle/bundle.ts';
import type { AnswerItem } from './answer.ts';
import { dot } from './diversify.ts';
import type { Model } from './recommend.ts';
import { type ItemFilter, requireCount, UnknownItemError } from './request.ts';

export interface SimilarOptions {
  /** How many. Default 10. */
  readonly count?: number;
  /** The most similar of those that pass. Default: all pass. */
  readonly filter?: ItemFilter;
}

/** `[itemCount]`: what makes a vector one of length 1; 0 for a vector of zeros. */
export function inverseLengths({ vectors, settings }: Bundle): Float32Array {
  const { itemCount, width } = settings;
  return Float32Array.from({ length: itemCount }, (_, item) => {
    const own = vectors.subarray(item * width, (item + 1) * width);
    const length = Math.sqrt(dot(own, own));
    return length > 0 ? 1 / length : 0;
  });
}

/**
 * The items whose vectors have the greatest cosine to that of an item, which is their score; the item
 * itself is not among them.
 *
 * @throws {UnknownItemError} if the bundle has no such item
 * @throws {RequestError} if `count` is not a positive integer
 */
export async function similar(
  { bundle, catalogue, scan }: Model,
  lengths: Float32Array,
  id: string,
  { count = 10, filter }: SimilarOptions,
): Promise<AnswerItem[]> {
  requireCount('count', count);
  const own = catalogue.indexOf(id);
  if (own === undefined) throw new UnknownItemError(id);
  const { width } = bundle.settings;
  const vector = bundle.vectors
    .subarray(own * width, (own + 1) * width)
    .map((value) => value * lengths[own]!);
  const passes = catalogue.passes(filter);
  const [found] = await scan.best(vector, [
    {
      count,
      isWanted: (item) => item !== own && passes(item),
      scaleOf: (item) => lengths[item]!,
    },
  ]);
  return found!.map(({ item, score }) => ({ ...catalogue.items[item]!, score }));
}
