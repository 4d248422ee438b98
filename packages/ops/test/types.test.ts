import '@rodpo/testing/tfjs';
import { lookup, splitEvenly, stopGradient } from '@rodpo/ops';
import * as tf from '@tensorflow/tfjs-core';
import { expect, expectTypeOf, test } from 'vitest';

// What is tested is the types, by the type-check; that it also runs shows that they tell the truth.

test('a tensor keeps its rank where its shape stays what it is', () => {
  const table = tf.ones<tf.Rank.R2>([4, 3]);
  const stopped = stopGradient(() => table);
  const parts = splitEvenly(table, 2, 0);

  expectTypeOf(stopped).toEqualTypeOf<tf.Tensor<tf.Rank.R2>>();
  expectTypeOf(parts).toEqualTypeOf<tf.Tensor<tf.Rank.R2>[]>();
  expect([stopped.rank, parts[0]!.rank]).toEqual([2, 2]);
});

test('rows of a table are a matrix, unless the indices have another shape', () => {
  const table = tf.ones([4, 3]);
  const rows = lookup(table, tf.tensor1d([0, 1], 'int32'));
  const grid = lookup<tf.Tensor3D>(table, tf.tensor2d([[0, 1]], [1, 2], 'int32'));

  expectTypeOf(rows).toEqualTypeOf<tf.Tensor2D>();
  expectTypeOf(grid).toEqualTypeOf<tf.Tensor3D>();
  expect([rows.rank, grid.rank]).toEqual([2, 3]);
});
