import { GOLDEN_STEP, mix32 } from './mix32.ts';
import { seedWords } from './seed-words.ts';
import type { UniformRandom } from './uniform-random.ts';
import { type Xoshiro128State, xoshiro128 } from './xoshiro128.ts';

/**
 * A sequential generator: equal seeds give equal draws, on every platform.
 * Draws are multiples of 2^-32 in [0, 1). Not for secrets.
 *
 * The generator is xoshiro128** (Blackman and Vigna, 2021), its 128 bits of
 * state filled by a 32-bit SplitMix (Steele, Lea and Flood, "Fast Splittable
 * Pseudorandom Number Generators", OOPSLA 2014) over both halves of the seed.
 *
 * @throws {RangeError} if `seed` is not a safe integer
 */
export function seededRandom(seed: number): UniformRandom {
  const draw = xoshiro128(stateFrom(seed));
  return () => draw() * 2 ** -32;
}

/** Never all zero: mix32 is one to one, so the four inner words differ from one another. */
function stateFrom(seed: number): Xoshiro128State {
  const [low, high] = seedWords(seed);
  const word = (index: number) => mix32((mix32((low + index * GOLDEN_STEP) | 0) + high) | 0);
  return [word(1), word(2), word(3), word(4)];
}
