import { embeddingBag } from '@rodpo/ops';
import '@rodpo/testing/tfjs';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

/** Rows with two entries, with a repeated one, with a filler, and of zeros. */
const indices = tf.tensor2d([[2, 0], [1, 1], [3, 0], [0, 0]], [4, 2], 'int32'); // biome-ignore format: rows
const weights = tf.tensor2d([[0.5, -1], [2, 3], [4, 0], [0, 0]]); // biome-ignore format: rows
/** The sparse matrix that they are. */
const matrix = [
  [-1, 0, 0.5, 0],
  [0, 5, 0, 0],
  [0, 0, 0, 4],
  [0, 0, 0, 0],
];
const table = [
  [1, 2, 3],
  [-1, 0.5, 2],
  [4, -2, 0],
  [0.25, 1, -3],
];
const factors = [
  [1, 2, 3],
  [4, 5, 6],
  [7, 8, 9],
  [10, 11, 12],
];

/** `left · right` in plain numbers. */
function product(left: number[][], right: number[][]): number[] {
  return left.flatMap((row) =>
    right[0]!.map((_, column) =>
      row.reduce((total, value, at) => total + value * right[at]![column]!, 0),
    ),
  );
}

describe('embeddingBag', () => {
  test('is the product of the sparse matrix and the table', () => {
    const bags = embeddingBag(tf.tensor2d(table), indices, weights);

    expect(bags.shape).toEqual([4, 3]);
    expectAllClose(bags.dataSync(), product(matrix, table), { absolute: 1e-6 });
  });

  test('its gradient is the transposed product', () => {
    const loss = (rows: tf.Tensor) =>
      tf.sum(tf.mul(embeddingBag(rows as tf.Tensor2D, indices, weights), factors));
    const transposed = matrix[0]!.map((_, column) => matrix.map((row) => row[column]!));

    const gradient = tf.grad(loss)(tf.tensor2d(table));

    expectAllClose(gradient.dataSync(), product(transposed, factors), { absolute: 1e-6 });
  });
});
