import { slidingWindows } from '@rodpo/data';
import { range } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const sequenceOf = (length: number) => Int32Array.from(range(length));

// BERT4Rec's code: beginnings are `range(len - length, 0, -stride)` and 0.
test.each([
  [0, 4, 2, []],
  [3, 4, 2, [0]],
  [4, 4, 2, [0]],
  [5, 4, 2, [0, 1]],
  [6, 4, 2, [0, 2]],
  [9, 4, 2, [0, 1, 3, 5]],
  [9, 4, 4, [0, 1, 5]],
  [10, 4, 3, [0, 3, 6]],
  [4, 1, 1, [0, 1, 2, 3]],
])('%d items in windows of %d, %d apart, begin at %j', (count, length, stride, begins) => {
  const windows = slidingWindows([sequenceOf(count)], { length, stride });

  expect(windows.map(({ begin }) => begin)).toEqual(begins);
});

test('windows are views of stretches, whole, and lose no item; by default no pair of neighbours', () => {
  const lengths = fc.array(fc.nat(30), { maxLength: 5 });
  const sizes = fc
    .integer({ min: 1, max: 9 })
    .chain((length) => fc.tuple(fc.constant(length), fc.integer({ min: 1, max: length })));

  fc.assert(
    fc.property(lengths, sizes, fc.boolean(), (all, [length, stride], isDefault) => {
      const sequences = all.map(sequenceOf);
      const windows = slidingWindows(sequences, isDefault ? { length } : { length, stride });

      for (const [index, own] of sequences.entries()) {
        const mine = windows.filter(({ sequence }) => sequence === index);
        for (const { begin, items } of mine) {
          expect(items.length).toBe(Math.min(length, own.length));
          expect(items).toEqual(own.slice(begin, begin + length));
          expect(items.buffer).toBe(own.buffer);
        }
        expect(new Set(mine.flatMap(({ items }) => [...items]))).toEqual(new Set(own));
        if (!isDefault || length < 2) continue;
        const pairs = mine.flatMap(({ items }) => [...items.subarray(1)]); // each named by its second
        expect(new Set(pairs)).toEqual(new Set(own.subarray(1)));
      }
      expect(windows.map(({ sequence }) => sequence)).toEqual(
        windows.map(({ sequence }) => sequence).toSorted((a, b) => a - b),
      );
    }),
  );
});

test.each([
  [{ length: 0 }, 'length must be a positive integer, got 0'],
  [{ length: 4, stride: 5 }, 'stride must be an integer from 1 to 4, got 5. Else items are in no'],
  [{ length: 4, stride: 0 }, 'stride must be an integer from 1 to 4, got 0'],
])('%j is refused', (options, message) => {
  expect(() => slidingWindows([], options)).toThrow(message);
});
