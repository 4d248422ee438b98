/** 2^32 divided by the golden ratio: steps of this odd number visit every uint32 before repeating. */
export const GOLDEN_STEP = 0x9e3779b9;

/**
 * Scrambles 32 bits, one to one: flipping any input bit flips about half of
 * the output bits. Returns an int32 (`>>> 0` makes it unsigned). Zero maps to zero.
 *
 * @see Appleby, MurmurHash3 (2011), function `fmix32`
 */
export function mix32(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Folds one more `word` into a running `hash`; the order of words matters. */
export function absorb(hash: number, word: number): number {
  return mix32((hash + GOLDEN_STEP) ^ word);
}
