import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HashNumbers } from '../../src/tables/hash-numbers.ts';

const half = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.nat(0xffffffff));

test('hashes keep the number that they had first, however many share a half', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(half, half), { maxLength: 200 }), (hashes) => {
      const numbers = new HashNumbers(hashes.length);
      const expected = new Map<string, number>();
      for (const [index, [low, high]] of hashes.entries()) {
        const key = `${low},${high}`;
        expect(numbers.add(low, high, index)).toBe(!expected.has(key));
        if (!expected.has(key)) expected.set(key, index);
      }
      for (const [low, high] of hashes) {
        expect(numbers.get(low, high)).toBe(expected.get(`${low},${high}`));
      }
    }),
  );
});

test('a hash that was never added has no number', () => {
  const numbers = new HashNumbers(2);
  numbers.add(0, 0, 7);

  expect([numbers.get(0, 0), numbers.get(0, 1), numbers.get(1, 0)]).toEqual([7, -1, -1]);
});
