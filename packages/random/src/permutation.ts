import type { UniformRandom } from './uniform-random.ts';

/**
 * The numbers 0 to `count - 1` in random order, every order equally likely:
 * shape `[count]`. Takes `count - 1` draws.
 *
 * @see Durstenfeld, "Algorithm 235: Random Permutation", CACM 1964 (Fisher–Yates)
 * @throws {RangeError} if `count` is not a non-negative integer
 */
export function permutation(count: number, random: UniformRandom): Int32Array {
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`count must be a non-negative integer, got ${count}`);
  }

  const order = Int32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const picked = Math.floor(random() * (last + 1));
    const moved = order[last]!;
    order[last] = order[picked]!;
    order[picked] = moved;
  }
  return order;
}
