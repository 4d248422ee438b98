/**
 * The low and high 32 bits of a seed in two's complement, so that every safe
 * integer, negative ones included, is a different pair.
 *
 * @throws {RangeError} if `seed` is not a safe integer
 */
export function seedWords(seed: number): [low: number, high: number] {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(
      `seed must be an integer between -(2^53 - 1) and 2^53 - 1, got ${seed}. ` +
        'To seed by name or by several numbers, use deriveSeed.',
    );
  }
  return [seed | 0, Math.floor(seed / 2 ** 32) | 0];
}
