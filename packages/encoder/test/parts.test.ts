import '@rodpo/testing/tfjs';
import { causalSegmentMask, scoreItems, selfAttention } from '@rodpo/encoder';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { never } from './model.ts';

test('causalSegmentMask allows earlier tokens of the same segment', () => {
  const mask = causalSegmentMask(tf.tensor2d([[1, 1, 2, 0]], [1, 4], 'int32'));
  const no = Math.fround(-1e9);

  expect(mask.shape).toEqual([1, 1, 4, 4]);
  // biome-ignore format: one row per token
  expect([...mask.dataSync()]).toEqual([
    0, no, no, no,
    0, 0, no, no,
    no, no, 0, no,
    no, no, no, 0,
  ]);
});

test('scoreItems is the dot product with the rows', () => {
  const table = tf.tensor2d([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: rows
  const hidden = tf.tensor2d([[1, 0], [0, 1], [1, 1]]); // biome-ignore format: rows
  const scores = scoreItems(hidden, table, tf.tensor1d([2, 0, 2], 'int32'));

  expect(scores.dataSync()).toEqual(Float32Array.of(5, 2, 11));
});

describe('selfAttention', () => {
  const dimension = 4;
  const weights = {
    projection: tf.concat([tf.zeros([4, 8]), tf.eye(4)], 1), // equal attention to all allowed
    projectionBias: tf.zeros([12]),
    output: tf.eye(4),
    outputBias: tf.tensor1d([0, 0, 0, 100]),
  };
  const x = tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [3, dimension]);
  const mask = causalSegmentMask(tf.tensor2d([[1, 1, 1]], [1, 3], 'int32'));

  test.each([1, 2, 4])('without queries averages what came before, %d heads', (headCount) => {
    const attended = selfAttention(x, mask, weights, { headCount, dropout: 0, uniform: never });

    // biome-ignore format: one row per token
    expectAllClose(attended.dataSync(), [
      1, 2, 3, 104,
      3, 4, 5, 106,
      5, 6, 7, 108,
    ]);
  });

  test.each([3, 0, -2, 1.5])('rejects %d heads', (headCount) => {
    expect(() =>
      selfAttention(x, mask, weights, { headCount, dropout: 0, uniform: never }),
    ).toThrow(new RangeError(`headCount must divide the dimension 4, got ${headCount}`));
  });
});
