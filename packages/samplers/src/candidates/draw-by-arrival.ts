import type { UniformRandom } from '@rodpo/random';
import type { CandidateSupport } from './candidate-source.ts';

interface ArrivalOptions {
  /** Of the weights of all that is proposed, what was drawn before among it. */
  readonly total: number;
  /** Fewer than are left. */
  readonly count: number;
  readonly random: UniformRandom;
}

/**
 * The next `count` items that proposals would bring that have not been drawn, and how many proposals these would
 * be, of the same distribution as if they were made, at the cost of one pass over what is left.
 *
 * Every item that is left arrives at an exponential time, of the rate of its weight: the order is that in which
 * proposals would first bring them. How many of these the next one takes depends on what all that is left weighs
 * together, and on nothing else: it is geometric.
 *
 * @see Efraimidis and Spirakis, "Weighted random sampling with a reservoir", Information Processing Letters 2006
 */
export function drawByArrival(
  { items, weights }: CandidateSupport,
  { total, count, random }: ArrivalOptions,
): { readonly items: Int32Array; readonly tries: number } {
  const times = weights.map((weight) => -Math.log1p(-random()) / weight);
  const order = Int32Array.from(items.keys()).sort((a, b) => times[a]! - times[b]!);
  const next = order.subarray(0, count);
  let left = order.subarray(count).reduce((sum, index) => sum + weights[index]!, 0);
  // From the last one back, so that the little that is left in the end has lost no digits.
  const tries = next.reduceRight((sum, index) => {
    left += weights[index]!;
    return sum + 1 + Math.floor(Math.log1p(-random()) / Math.log1p(-Math.min(1, left / total)));
  }, 0);
  return { items: next.map((index) => items[index]!), tries };
}
