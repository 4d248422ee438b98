import { lookup } from '@rodpo/ops';
import '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

const shapes = [
  { table: [4], indices: [3] },
  { table: [4, 2], indices: [] },
  { table: [4, 2], indices: [5] },
  { table: [4, 2], indices: [2, 3] },
  { table: [4, 2], indices: [2, 1, 3] },
  { table: [4, 2, 3], indices: [3, 2] },
  { table: [4, 2], indices: [0] },
];

/** Rows 3, 0, 3, 1, 3, 1, 0, …: some often, row 2 never. */
const pattern = [3, 0, 3, 1, 3, 1, 0];

describe.each(shapes)('a table of shape $table at indices of shape $indices', (shape) => {
  const count = tf.util.sizeFromShape(shape.indices);
  const at = Array.from({ length: count }, (_, index) => pattern[index % pattern.length]!);
  const table = tf.reshape(tf.range(1, tf.util.sizeFromShape(shape.table) + 1), shape.table);
  const indices = tf.tensor(at, shape.indices, 'int32');
  const width = table.size / 4;

  test('gives a row for each index', () => {
    const rows = lookup<tf.Tensor>(table, indices);
    const expected = at.flatMap((row) => [...table.dataSync()].slice(row * width).slice(0, width));

    expect(rows.shape).toEqual([...shape.indices, ...shape.table.slice(1)]);
    expect([...rows.dataSync()]).toEqual(expected);
  });

  test('its gradient adds up over repeated indices', () => {
    const factors = tf.range(1, count * width + 1);
    const loss = (t: tf.Tensor) => tf.sum(tf.mul(tf.reshape(lookup(t, indices), [-1]), factors));
    const expected = new Float32Array(table.size);
    for (const [place, row] of at.entries()) {
      for (let column = 0; column < width; column++) {
        expected[row * width + column]! += place * width + column + 1;
      }
    }
    if (count === 0) return; // tfjs cannot reshape nothing to a shape that it has to find

    expect(tf.grad(loss)(table).shape).toEqual(shape.table);
    expect(tf.grad(loss)(table).dataSync()).toEqual(expected);
  });
});

test('its gradient outlives indices made in a tidy', () => {
  const loss = (t: tf.Tensor) => tf.tidy(() => tf.sum(lookup(t, tf.cast([2, 0, 2], 'int32'))));

  expect(tf.grad(loss)(tf.zeros([3, 2])).arraySync()).toEqual([[1, 1], [0, 0], [2, 2]]); // biome-ignore format: rows
});

test.each([-1, 3])('refuses the index %d of a table of 3 rows', (index) => {
  expect(() => lookup(tf.zeros([3, 2]), tf.tensor1d([index], 'int32'))).toThrow(
    `the index value ${index} is not in [0, 2]`,
  );
});
