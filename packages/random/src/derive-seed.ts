import { absorb } from './mix32.ts';
import { seedWords } from './seed-words.ts';

/**
 * A seed for a named purpose: `deriveSeed(seed, 'pretrain', epoch)`. Every
 * consumer of randomness gets its own stream, and adding one leaves the draws
 * of the others as they were.
 *
 * Returns a uint32, valid wherever this package takes a seed. The order of
 * labels matters, and the number 1 and the string '1' differ. Two different
 * paths of labels collide with probability 2^-32.
 *
 * @throws {RangeError} if `seed` is not a safe integer or a number label is not finite
 */
export function deriveSeed(seed: number, ...labels: (string | number)[]): number {
  const [low, high] = seedWords(seed);
  let hash = absorb(absorb(0, low), high);
  for (const label of labels) {
    hash = typeof label === 'string' ? absorbString(hash, label) : absorbNumber(hash, label);
  }
  return hash >>> 0;
}

// A tag tells the two kinds of label apart, a length where a string ends:
// ('ab', 'c') and ('a', 'bc') are different paths.
const NUMBER_TAG = 1;
const STRING_TAG = 2;

function absorbString(hash: number, label: string): number {
  let next = absorb(absorb(hash, STRING_TAG), label.length);
  for (let index = 0; index < label.length; index++) next = absorb(next, label.charCodeAt(index));
  return next;
}

function absorbNumber(hash: number, label: number): number {
  if (!Number.isFinite(label)) {
    throw new RangeError(`a label must be a string or a finite number, got ${label}`);
  }
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, label + 0); // + 0 turns -0 into 0
  return absorb(absorb(absorb(hash, NUMBER_TAG), bits.getInt32(0)), bits.getInt32(4));
}
