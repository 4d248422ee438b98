import type { Negatives } from '../negative-sampler.ts';

/**
 * Arrays to draw into, `[rowCount, count]`: `into` itself where it is given.
 *
 * @throws {RangeError} if an array of `into` has another length
 */
export function negativesOf(rowCount: number, count: number, into?: Negatives): Negatives {
  const length = rowCount * count;
  if (!into) return { items: new Int32Array(length), logProbabilities: new Float32Array(length) };
  for (const name of ['items', 'logProbabilities'] as const) {
    if (into[name].length === length) continue;
    throw new RangeError(
      `into.${name} must have ${length} elements, ${count} for each of ${rowCount} rows, ` +
        `got ${into[name].length}`,
    );
  }
  return into;
}
