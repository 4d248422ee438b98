import { fillMissing, meanVector } from '@rodpo/features';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { itemVectors } from './any-vectors.ts';

const source = itemVectors([[1, 2], null, [3, 10], [100, 100]]);

test('the mean is over present items, and over the given rows only', () => {
  expectAllClose(meanVector(source), [104 / 3, 112 / 3]);
  expectAllClose(meanVector(source, { rows: [0, 1, 2] }), [2, 6]);
});

test.each([
  ['a mask', Uint8Array.of(1, 1, 1, 0)],
  ['an array with repeats', [2, 0, 0, 2, 1]],
  ['a set', new Set([0, 2])],
  ['an Int32Array', Int32Array.of(0, 2)],
])('rows can be %s', (_, rows) => {
  expectAllClose(meanVector(source, { rows }), [2, 6]);
});

test.each<[string, Iterable<number>, RegExp]>([
  ['a mask of another length', Uint8Array.of(1, 0), /each of the 4 items, got 2/],
  ['an item that does not exist', [4], /from 0 to 3, got 4/],
  ['a negative item', [-1], /got -1/],
  ['half an item', [0.5], /got 0.5/],
  ['nothing but absent items', [1], /None of the selected items/],
  ['no item', [], /None of the selected items/],
])('refuses %s', (_, rows, message) => {
  expect(() => meanVector(source, { rows })).toThrow(RangeError);
  expect(() => meanVector(source, { rows })).toThrow(message);
});

test('refuses the mean of a row that is not finite, and says which', () => {
  const vectors = itemVectors([
    [1, 2],
    [1, Number.NaN],
  ]);

  expect(() => meanVector(vectors)).toThrow('Row 1 holds NaN. Mark it as absent.');
  expectAllClose(meanVector(vectors, { rows: [0] }), [1, 2]);
});

test('fills the rows of absent items and nothing else', () => {
  const filled = fillMissing(source, Float32Array.of(-1, 7));

  expect([...filled]).toEqual([1, 2, -1, 7, 3, 10, 100, 100]);
  expect([...source.vectors.subarray(2, 4)]).toEqual([0, 0]);
});

test('refuses a value of another dimension', () => {
  expect(() => fillMissing(source, Float32Array.of(1))).toThrow('of dimension 2, got 1');
});
