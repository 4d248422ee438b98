import './setup.ts';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { encode, encodeTokens, layOut, makeParameters, options } from './model.ts';

const parameters = makeParameters();
const [a, b, c] = [
  [3, 7, 1, 12],
  [5, 5, 9],
  [19, 0],
];

/** Sums in another order: a few roundings of values of about 1. */
const tolerance = { relative: 1e-5, absolute: 1e-5 };

function expectRowsClose(actual: number[][], expected: number[][]) {
  expect(actual.length).toBe(expected.length);
  expectAllClose(actual.flat(), expected.flat(), tolerance);
}

function largestDifference(left: number[][], right: number[][]): number {
  return Math.max(
    ...left.flatMap((row, i) => row.map((value, j) => Math.abs(value - right[i]![j]!))),
  );
}

test('a later item leaves earlier vectors unchanged', () => {
  const before = encode(parameters, [[a, b]]);
  const after = encode(parameters, [[[3, 7, 8, 12], b]]);

  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  for (const token of [2, 3]) {
    expect(largestDifference([after[token]!], [before[token]!])).toBeGreaterThan(1e-2);
  }
});

test('another sequence of the row changes nothing', () => {
  const before = encode(parameters, [[a, b]]);

  expect(encode(parameters, [[[11, 2, 0, 4], b]]).slice(4, 7)).toEqual(before.slice(4, 7));
  expect(encode(parameters, [[a, [8, 8, 8]]]).slice(0, 4)).toEqual(before.slice(0, 4));
});

test('a sequence gives the same vectors wherever it lies', () => {
  const alone = encode(parameters, [[b]]).slice(0, 3);

  expectRowsClose(encode(parameters, [[a, b]]).slice(4, 7), alone);
  expectRowsClose(encode(parameters, [[c, b, [1]]]).slice(2, 5), alone);
  expectRowsClose(encode(parameters, [[5, b]]).slice(5, 8), alone);
  expectRowsClose(encode(parameters, [[a], [c, b]]).slice(10, 13), alone);
});

test('permuted rows give permuted vectors', () => {
  const [first, second] = [[a, b], [c, a]]; // biome-ignore format: rows
  const together = encode(parameters, [first!, second!]);

  expectRowsClose(encode(parameters, [second!, first!]), [
    ...together.slice(8),
    ...together.slice(0, 8),
  ]);
});

test('four rows at once give what four calls give', () => {
  const rows = [[a, b], [c, a], [b, c], [[4]]]; // biome-ignore format: rows

  expectRowsClose(
    encode(parameters, rows),
    rows.flatMap((row) => encode(parameters, [row])),
  );
});

test('what lies in padding has no influence', () => {
  const filler = { items: 13, positions: 6, segments: 0 };
  const [plain, filled] = [encode(parameters, [[2, a]]), encode(parameters, [[2, a]], filler)];

  expect(filled.slice(2, 6)).toEqual(plain.slice(2, 6));
  expect(filled[0]).not.toEqual(plain[0]);
  expect(filled.flat().every(Number.isFinite)).toBe(true);
});

test('the order of items matters, and so does the position', () => {
  const [first, second] = [encode(parameters, [[a]]), encode(parameters, [[[7, 3, 1, 12]]])];

  expect(largestDifference([first[3]!], [second[3]!])).toBeGreaterThan(1e-2);
});

test('dropout changes what is encoded, the same for the same draws', () => {
  const encodeWith = (value: number) =>
    tf.tidy(() =>
      encodeTokens(parameters, layOut([[a, b]]), {
        ...options,
        dropout: 0.5,
        uniform: (shape) => tf.fill([...shape], value),
      }).arraySync(),
    );

  expect(encodeWith(0.7)).toEqual(encodeWith(0.7));
  // Kept and doubled everywhere, against dropped everywhere.
  expect(largestDifference(encodeWith(0.7), encodeWith(0.2))).toBeGreaterThan(1e-2);
});
