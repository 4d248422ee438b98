import { embeddingTable } from '@rodpo/embeddings';
import { isActionable } from '@rodpo/errors';
import { fillUniform, permutation, seededRandom } from '@rodpo/random';
import { expect, test } from 'vitest';

const counted = () =>
  embeddingTable({ rows: 4, width: 3, values: Float32Array.from({ length: 12 }, (_, i) => i) });

test('begins as zeros in memory that workers share', () => {
  const { rows, width, values } = embeddingTable({ rows: 4, width: 3 });

  expect([rows, width]).toEqual([4, 3]);
  expect(values).toEqual(new Float32Array(new SharedArrayBuffer(48)));
  expect(values.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test('adopts values without a copy, views of a larger buffer too', () => {
  const larger = Float32Array.from({ length: 10 }, (_, i) => i);
  const values = larger.subarray(2, 8);
  const table = embeddingTable({ rows: 2, width: 3, values });
  larger[5] = 99;
  const into = new Float32Array(3);
  table.gather(Int32Array.of(1), into);

  expect(table.values).toBe(values);
  expect(into).toEqual(Float32Array.of(99, 6, 7));
});

test('every row of a large table is found in its place', () => {
  const [rows, width] = [500, 64];
  const table = embeddingTable({ rows, width });
  fillUniform(table.values, 3);
  const indices = permutation(rows, seededRandom(5));
  const into = new Float32Array(rows * width);
  table.gather(indices, into);

  for (const [n, row] of indices.entries()) {
    const expected = table.values.subarray(row * width, (row + 1) * width);
    expect(into.subarray(n * width, (n + 1) * width)).toEqual(Float32Array.from(expected));
  }
});

test('gathers rows in the order asked for, repeated ones too, and leaves the rest', () => {
  const into = new Float32Array(14).fill(-1);
  counted().gather(Int32Array.of(3, 0, 3, 1), into);
  expect(into).toEqual(Float32Array.of(9, 10, 11, 0, 1, 2, 9, 10, 11, 3, 4, 5, -1, -1));

  const first = new Float32Array(6).fill(-1);
  counted().gather(Int32Array.of(2, 77), first, 1); // what does not count may be anything
  expect(first).toEqual(Float32Array.of(6, 7, 8, -1, -1, -1));
  counted().gather(new Int32Array(0), first);
  expect(first[0]).toBe(6);
});

test.each([
  { fact: 'past the end', index: 4 },
  { fact: 'below 0', index: -1 },
])('an index $fact is refused, and nothing is copied', ({ index }) => {
  const into = new Float32Array(9);
  const gather = () => counted().gather(Int32Array.of(1, index, 2), into);

  expect(gather).toThrow(
    new RangeError(`indices[1] must be a row of the table, from 0 to 3, got ${index}`),
  );
  expect(into).toEqual(new Float32Array(9));
});

test.each([
  {
    fact: 'too short an array',
    size: 5,
    count: 2,
    problem: 'into must hold 6 numbers or more, got 5',
  },
  {
    fact: 'more than there are',
    size: 9,
    count: 3,
    problem: 'count must be an integer from 0 to 2, got 3',
  },
  {
    fact: 'a negative count',
    size: 9,
    count: -1,
    problem: 'count must be an integer from 0 to 2, got -1',
  },
  {
    fact: 'half a row',
    size: 9,
    count: 0.5,
    problem: 'count must be an integer from 0 to 2, got 0.5',
  },
])('$fact is refused', ({ size, count, problem }) => {
  const gather = () => counted().gather(Int32Array.of(0, 1), new Float32Array(size), count);

  expect(gather).toThrow(new RangeError(problem));
});

test.each([
  { options: { rows: 0, width: 3 }, problem: 'rows must be a positive integer, got 0' },
  { options: { rows: 4, width: 1.5 }, problem: 'width must be a positive integer, got 1.5' },
  {
    options: { rows: 4, width: 3, values: new Float32Array(11) },
    problem: 'values must hold 4 rows of 3, 12 numbers, got 11',
  },
])('refuses $problem', ({ options, problem }) => {
  let thrown: unknown;
  try {
    embeddingTable(options);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toEqual(new RangeError(problem));
  expect(isActionable(thrown)).toBe(true);
});
