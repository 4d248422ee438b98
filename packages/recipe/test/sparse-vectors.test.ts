import { expect, test } from 'vitest';
import { sparseVectors } from '../src/workspace/sparse-vectors.ts';

/** Vectors of 64 numbers with these in place of zeros. */
function vectorsWith(...rows: Record<number, number>[]): Float32Array {
  const vectors = new Float32Array(64 * rows.length);
  for (const [item, row] of rows.entries()) {
    for (const [column, value] of Object.entries(row)) vectors[64 * item + Number(column)] = value;
  }
  return vectors;
}

/** What a sparse form stands for. */
function dense({ columns, values }: NonNullable<ReturnType<typeof sparseVectors>>): Float32Array {
  const [itemCount, most] = columns.shape as [number, number];
  const vectors = new Float32Array(64 * itemCount);
  for (let place = 0; place < itemCount * most; place++) {
    vectors[64 * Math.floor(place / most) + columns.data[place]!]! += values.data[place]!;
  }
  return vectors;
}

test('holds what vectors hold, each with fillers up to the fullest', () => {
  const vectors = vectorsWith({ 3: 1, 63: -2 }, {}, { 0: 0.5, 7: 1, 8: 1 });
  const found = sparseVectors(vectors, 64)!;

  expect(found.columns.shape).toEqual([3, 3]);
  expect(found.values.shape).toEqual([3, 3]);
  expect(dense(found)).toEqual(vectors);
});

test('vectors of zeros have a place, since a program wants one', () => {
  expect(sparseVectors(vectorsWith({}, {}), 64)!.columns.shape).toEqual([2, 1]);
});

test('up to a sixteenth of the numbers; no more in any of the vectors', () => {
  const four = { 1: 1, 2: 1, 3: 1, 4: 1 };

  expect(sparseVectors(vectorsWith({}, four), 64)!.columns.shape).toEqual([2, 4]);
  expect(sparseVectors(vectorsWith({}, { ...four, 9: 1 }), 64)).toBeUndefined();
});

test('vectors of a few numbers are as they are', () => {
  expect(sparseVectors(new Float32Array(30), 15)).toBeUndefined();
});
