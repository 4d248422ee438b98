import { absorb, GOLDEN_STEP, mix32 } from './mix32.ts';
import { seedWords } from './seed-words.ts';

/**
 * Counter-based noise: overwrites `target` (any shape, flat) with uniform
 * draws and returns it. Element `i` depends on `(seed, i)` alone, so there is
 * no state to save: to resume at step 1,000, derive the seed of step 1,000.
 *
 * Values are multiples of 2^-24 in [0, 1), exact in float32; `value < rate` is
 * therefore an exact test. Allocates nothing per element.
 *
 * The seed enters before the first scrambling of the counter and again between
 * the two. One key alone would make every stream a shifted copy of every other.
 *
 * @see Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011,
 * for the idea of hashing a counter
 * @throws {RangeError} if `seed` is not a safe integer
 */
export function fillUniform(target: Float32Array, seed: number): Float32Array {
  const [low, high] = seedWords(seed);
  const firstKey = absorb(absorb(0, low), high);
  const secondKey = absorb(absorb(firstKey, high), low);

  let counter = firstKey;
  for (let index = 0; index < target.length; index++) {
    target[index] = (mix32(mix32(counter) ^ secondKey) >>> 8) * 2 ** -24;
    counter = (counter + GOLDEN_STEP) | 0;
  }
  return target;
}
