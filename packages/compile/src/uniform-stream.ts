import { requireInteger } from '@rodpo/errors';
import type { RunOptions } from './program.ts';

type MixerConstant =
  | 'stride'
  | 'firstShift'
  | 'firstFactor'
  | 'secondShift'
  | 'secondFactor'
  | 'outputShift'
  | 'outputScale';

/**
 * The random numbers of a run, counter-based: element `i` of draw `d` depends on
 * `(seed, step, d, i)` alone, so there is no generator to save, and elements can be computed in any
 * order, on any machine. `record-uniform.ts` writes the same arithmetic as ONNX nodes.
 *
 * Two rounds of multiply and shift over the counter, with the constants of a 32-bit mixer found by
 * search for least bias; the second key keeps two draws from being shifted copies of one stream.
 *
 * @see Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, for hashing a counter
 * @see Wellons, "Prospecting for Hash Functions", 2018, `lowbias32`, for the constants
 */
export const mixer: Readonly<Record<MixerConstant, number>> = {
  /** 2^32 over the golden ratio: steps of this odd number visit every uint32 before repeating. */
  stride: 0x9e3779b9,
  firstShift: 16,
  firstFactor: 0x7feb352d,
  secondShift: 15,
  secondFactor: 0x846ca68b,
  /** What is left of 32 bits fits a float32 exactly. */
  outputShift: 8,
  outputScale: 1 / 16777216, // 2^-24
} as const;

/** One draw's two keys, uint32 each. */
export type StreamKeys = readonly [first: number, second: number];

/** @throws {RangeError} if `seed` or `step` is not a safe integer */
export function streamKeys({ seed = 0, step = 0 }: RunOptions, draw: number): StreamKeys {
  const words = [...wordsOf('seed', seed), ...wordsOf('step', step), draw];
  const first = words.reduce(absorb, 0);
  return [first >>> 0, words.reduce(absorb, first) >>> 0];
}

/** Overwrites `target` with the draw of these keys. */
export function fillUniform(target: Float32Array, [first, second]: StreamKeys): void {
  let counter = first;
  for (let index = 0; index < target.length; index++) {
    const once =
      (Math.imul(counter ^ (counter >>> mixer.firstShift), mixer.firstFactor) + second) | 0;
    const twice = Math.imul(once ^ (once >>> mixer.secondShift), mixer.secondFactor);
    target[index] = (twice >>> mixer.outputShift) * mixer.outputScale;
    counter = (counter + mixer.stride) | 0;
  }
}

/** Folds a word into a hash; the order of words matters. */
function absorb(hash: number, word: number): number {
  let mixed = (hash + mixer.stride) ^ word;
  mixed = Math.imul(mixed ^ (mixed >>> mixer.firstShift), mixer.firstFactor);
  mixed = Math.imul(mixed ^ (mixed >>> mixer.secondShift), mixer.secondFactor);
  return mixed ^ (mixed >>> mixer.firstShift);
}

/** The low and high 32 bits of a safe integer, in two's complement. */
function wordsOf(name: string, value: number): [number, number] {
  requireInteger(name, value);
  return [value | 0, Math.floor(value / 2 ** 32) | 0];
}
