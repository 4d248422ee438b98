import { normalizeRows } from '@rodpo/features';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyVectors, itemVectors } from './any-vectors.ts';

test('divides every present row by its length and leaves absent rows absent', () => {
  const source = itemVectors([[3, 4], null, [-2, 0]]); // lengths 5, -, 2

  const result = normalizeRows(source);

  expect(result.dimension).toBe(2);
  expectAllClose(result.vectors, [0.6, 0.8, 0, 0, -1, 0]);
  expect([...result.present]).toEqual([1, 0, 1]);
  expect([...source.vectors]).toEqual([3, 4, 0, 0, -2, 0]);
});

test('the result shares no memory with the source', () => {
  const source = itemVectors([[1, 0]]);
  const result = normalizeRows(source);
  source.present[0] = 0;

  expect([...result.present]).toEqual([1]);
});

test('every present row has length 1 and its direction', () => {
  fc.assert(
    fc.property(anyVectors(5), (source) => {
      const { vectors, present, dimension } = normalizeRows(source);
      for (const [row, isPresent] of present.entries()) {
        const mapped = [...vectors.subarray(row * dimension, (row + 1) * dimension)];
        const original = [...source.vectors.subarray(row * dimension, (row + 1) * dimension)];
        expectAllClose([Math.hypot(...mapped)], [isPresent]);
        const inner = mapped.reduce((sum, value, axis) => sum + value * original[axis]!, 0);
        expectAllClose([inner], [Math.hypot(...original)]);
      }
    }),
  );
});

test.each([[[1e-38, 0]], [[3e38, 3e38]], [[1e-44, 0]]])(
  'neither the smallest nor the largest floats lose their length: %j',
  (row) => {
    expectAllClose([Math.hypot(...normalizeRows(itemVectors([row])).vectors)], [1]);
  },
);

test('refuses a present row of zeros, which has no direction', () => {
  expect(() =>
    normalizeRows(
      itemVectors([
        [1, 0],
        [0, 0],
      ]),
    ),
  ).toThrow(
    new RangeError(
      'normalizeRows: row 1 is present but all zeros, and so has no direction. ' +
        'Mark it as absent, or do not normalise.',
    ),
  );
});

test.each([Number.NaN, Infinity])('refuses a present row with %d', (value) => {
  expect(() => normalizeRows(itemVectors([[1, value]]))).toThrow(/row 0 holds NaN or an infinity/);
});

test.each([
  [{ dimension: 0, vectors: new Float32Array(0), present: new Uint8Array(0) }, /positive integer/],
  [
    { dimension: 2, vectors: new Float32Array(3), present: new Uint8Array(2) },
    /need 4 values, got 3/,
  ],
])('refuses arrays that do not fit each other (%#)', (source, message) => {
  expect(() => normalizeRows(source)).toThrow(message);
});
