import { scan } from '@rodpo/compile';
import { fillUniform } from '@rodpo/random';
import { topItems } from '@rodpo/samplers/tfjs';
import { loop } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from './tfjs.ts';
import { describeInStep } from './tfjs-step-contract.ts';

const hidden = tf.tensor2d([1, 0, 0, 1, 1, 1, -1, 0], [4, 2]);
const items = tf.tensor2d([1, 2, 3, 1, 1, 3], [3, 2]);

describeInStep(
  'topItems',
  (given) => topItems(given.hidden!, given.table!, { count: 4, blockSize: 3, scan }),
  {
    hidden: { dtype: 'float32', shape: [6, 3], data: fillUniform(new Float32Array(18), 1) },
    table: { dtype: 'float32', shape: [9, 3], data: fillUniform(new Float32Array(27), 2) },
  },
);

test('orders the items of each row by dot product', () => {
  // Scores: [1 3 1], [2 1 3], [3 4 4], [-1 -3 -1]. Ties go to the lower index.
  const best = (count: number) =>
    evaluate(() => topItems(hidden, items, { count, blockSize: 2, scan: loop }));

  expect(best(3)).toEqual({
    items: [1, 0, 2, 2, 0, 1, 1, 2, 0, 0, 2, 1],
    scores: [3, 1, 1, 3, 2, 1, 4, 4, 3, -1, -1, -3],
  });
  expect(best(1)).toEqual({ items: [1, 2, 1, 0], scores: [3, 3, 4, -1] });
});

test('agrees with sorting, whatever the block size', () => {
  const small = fc.integer({ min: -2, max: 2 }); // exact dot products, many ties
  const vectors = (count: number) =>
    fc.array(small, { minLength: count * 2, maxLength: count * 2 });

  fc.assert(
    fc.property(vectors(6), vectors(9), fc.integer({ min: 1, max: 9 }), (rows, table, count) => {
      const score = (row: number, item: number) =>
        rows[2 * row]! * table[2 * item]! + rows[2 * row + 1]! * table[2 * item + 1]!;
      const best = [0, 1, 2, 3, 4, 5].map((row) =>
        [...Array(9).keys()].sort((a, b) => score(row, b) - score(row, a) || a - b).slice(0, count),
      );
      const scores = best.flatMap((list, row) => list.map((item) => score(row, item) + 0));

      tf.tidy(() => {
        const [h, e] = [tf.tensor2d(rows, [6, 2]), tf.tensor2d(table, [9, 2])];
        for (const blockSize of [1, 2, 3, 6]) {
          const options = { count, blockSize, scan: loop };
          const made = evaluate(() => topItems(h, e, options));
          // tfjs-node makes a zero of products of opposite signs negative.
          const zeros = made.scores.map((value: number) => value + 0);
          expect({ ...made, scores: zeros }).toEqual({ items: best.flat(), scores });
        }
      });
    }),
    { numRuns: 50 },
  );
});

test('returns int32 and float32 of shape [rows, count]', () => {
  const best = topItems(hidden, items, { count: 2, blockSize: 4, scan: loop });

  expect(best.items).toMatchObject({ shape: [4, 2], dtype: 'int32' });
  expect(best.scores).toMatchObject({ shape: [4, 2], dtype: 'float32' });
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

test.each([1, 2, 4])('excluded items are none of the best, in blocks of %d rows', (blockSize) => {
  // Scores of four rows by hand: the item's number, falling in every other row.
  const hidden = tf.tensor2d([[1], [-1], [1], [-1]]);
  const items = tf.tensor2d([[0], [1], [2], [3], [4], [5]]);
  const excluded = tf.tensor2d(
    [
      [5, 3, 6],
      [6, 7, 6],
      [0, 6, 0],
      [0, 1, 2],
    ],
    [4, 3],
    'int32',
  );
  const best = topItems(hidden, items, { count: 3, blockSize, scan: loop, excluded });

  expect(best.items.arraySync()).toEqual([
    [4, 2, 1],
    [0, 1, 2],
    [5, 4, 3],
    [3, 4, 5],
  ]);
});

test('excluded items come last where fewer are left than asked for', () => {
  const [hidden, items] = [tf.tensor2d([[1]]), tf.tensor2d([[0], [1], [2]])];
  const excluded = tf.tensor2d([[2, 0]], [1, 2], 'int32');
  const { items: best, scores } = topItems(hidden, items, {
    count: 2,
    blockSize: 1,
    scan: loop,
    excluded,
  });

  expect(best.arraySync()).toEqual([[1, expect.any(Number)]]);
  expect(scores.arraySync()).toEqual([[1, Number.NEGATIVE_INFINITY]]);
});
