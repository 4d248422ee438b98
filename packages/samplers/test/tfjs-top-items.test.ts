import { topItems } from '@rodpo/samplers/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate, loop } from './tfjs.ts';

const hidden = tf.tensor2d([1, 0, 0, 1, 1, 1, -1, 0], [4, 2]);
const items = tf.tensor2d([1, 2, 3, 1, 1, 3], [3, 2]);

test('orders the items of each row by dot product', () => {
  // Scores: [1 3 1], [2 1 3], [3 4 4], [-1 -3 -1]. Ties go to the lower index.
  const best = (count: number) =>
    evaluate(() => topItems(hidden, items, { count, blockSize: 2, scan: loop }));

  expect(best(3)).toEqual([1, 0, 2, 2, 0, 1, 1, 2, 0, 0, 2, 1]);
  expect(best(1)).toEqual([1, 2, 1, 0]);
});

test('agrees with sorting, whatever the block size', () => {
  const small = fc.integer({ min: -2, max: 2 }); // exact dot products, many ties
  const vectors = (count: number) =>
    fc.array(small, { minLength: count * 2, maxLength: count * 2 });

  fc.assert(
    fc.property(vectors(6), vectors(9), fc.integer({ min: 1, max: 9 }), (rows, table, count) => {
      const expected = [0, 1, 2, 3, 4, 5].flatMap((row) => {
        const score = (item: number) =>
          rows[2 * row]! * table[2 * item]! + rows[2 * row + 1]! * table[2 * item + 1]!;
        return [...Array(9).keys()].sort((a, b) => score(b) - score(a) || a - b).slice(0, count);
      });

      tf.tidy(() => {
        const [h, e] = [tf.tensor2d(rows, [6, 2]), tf.tensor2d(table, [9, 2])];
        for (const blockSize of [1, 2, 3, 6]) {
          const options = { count, blockSize, scan: loop };
          expect(evaluate(() => topItems(h, e, options))).toEqual(expected);
        }
      });
    }),
    { numRuns: 50 },
  );
});

test('returns int32 of shape [rows, count]', () => {
  const best = topItems(hidden, items, { count: 2, blockSize: 4, scan: loop });

  expect(best).toMatchObject({ shape: [4, 2], dtype: 'int32' });
});

test.each([0, -1, 1.5, 4, Number.NaN])('rejects count %d of 3 items', (count) => {
  expect(() => topItems(hidden, items, { count, blockSize: 1, scan: loop })).toThrow(
    new RangeError(`count must be an integer from 1 to the 3 items, got ${count}`),
  );
});

test.each([0, -2, 0.5, 3, 8, Number.NaN])('rejects blockSize %d for 4 rows', (blockSize) => {
  expect(() => topItems(hidden, items, { count: 1, blockSize, scan: loop })).toThrow(
    new RangeError(`blockSize must be a positive divisor of the 4 rows, got ${blockSize}`),
  );
});

test('rejects items of another dimension', () => {
  const wider = tf.zeros([3, 5]);

  expect(() => topItems(hidden, wider, { count: 1, blockSize: 1, scan: loop })).toThrow(
    'topItems: items: Shapes 3,5 and 3,2 must match',
  );
});
