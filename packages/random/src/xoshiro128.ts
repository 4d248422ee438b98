/** Four uint32 or int32 words, not all zero. */
export type Xoshiro128State = [number, number, number, number];

/**
 * The xoshiro128** generator, version 1.1: 128 bits of state, period
 * 2^128 − 1. Returns a function that draws uint32 numbers.
 *
 * @see Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators",
 * ACM TOMS 2021; https://prng.di.unimi.it/xoshiro128starstar.c
 */
export function xoshiro128(state: Xoshiro128State): () => number {
  let [a, b, c, d] = state;

  return () => {
    const drawn = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return drawn;
  };
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
