import './setup.ts';
import { causalSegmentMask, dropout, lookup, scoreItems, selfAttention } from '@rodpo/encoder';
import { fillUniform } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { never } from './model.ts';

const uniform = (shape: readonly number[]) => {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(fillUniform(new Float32Array(size), 8), [...shape]);
};

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

describe('dropout', () => {
  const ones = tf.ones([10_000]);

  test('drops the share asked for and scales up the rest', () => {
    const values = dropout(ones, 0.3, uniform).dataSync();
    const dropped = values.filter((value) => value === 0).length / values.length;

    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
    // 4 σ of a share of 10,000: 4 · √(0.3 · 0.7 / 10,000) = 0.018; the mean is off by 1 / 0.7 of it.
    expect(Math.abs(dropped - 0.3)).toBeLessThan(0.018);
    expect(Math.abs(tf.mean(dropout(ones, 0.3, uniform)).dataSync()[0]! - 1)).toBeLessThan(0.026);
  });

  test('keeps a draw equal to the rate, drops one below it', () => {
    const draws = () => tf.tensor1d([0, 0.2499, 0.25, 0.99]);

    expectAllClose(dropout(tf.ones([4]), 0.25, draws).dataSync(), [0, 0, 4 / 3, 4 / 3]);
  });

  test('passes the gradient where it kept', () => {
    const draws = () => tf.tensor1d([0.1, 0.9]);
    const gradient = tf.grad((x) => tf.sum(dropout(x, 0.5, draws)))(tf.tensor1d([3, 4]));

    expect(gradient.dataSync()).toEqual(Float32Array.of(0, 2));
  });

  test('with rate 0 draws nothing and returns its input', () => {
    expect(dropout(ones, 0, never)).toBe(ones);
  });

  test.each([-0.1, 1, 1.5, Number.NaN])('rejects the rate %d', (rate) => {
    expect(() => dropout(ones, rate, uniform)).toThrow(
      new RangeError(`dropout rate must be at least 0 and below 1, got ${rate}`),
    );
  });
});

describe('lookup', () => {
  const table = tf.tensor2d([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: rows
  const indices = tf.tensor1d([2, 0, 2], 'int32');

  test('takes rows', () => {
    expect(lookup(table, indices).arraySync()).toEqual([[5, 6], [1, 2], [5, 6]]); // biome-ignore format: rows
  });

  test('its gradient adds up over repeated indices', () => {
    const weights = tf.tensor2d([[1, 10], [2, 20], [4, 40]]); // biome-ignore format: rows
    const gradient = tf.grad((t) => tf.sum(tf.mul(lookup(t, indices), weights)))(table);

    expect(gradient.arraySync()).toEqual([[2, 20], [0, 0], [5, 50]]); // biome-ignore format: rows
  });

  test('its gradient outlives indices made in a tidy', () => {
    const loss = (t: tf.Tensor) => tf.tidy(() => tf.sum(lookup(t, tf.cast([2, 0, 2], 'int32'))));

    expect(tf.grad(loss)(table).arraySync()).toEqual([[1, 1], [0, 0], [2, 2]]); // biome-ignore format: rows
  });

  test('scoreItems is the dot product with the rows', () => {
    const hidden = tf.tensor2d([[1, 0], [0, 1], [1, 1]]); // biome-ignore format: rows

    expect(scoreItems(hidden, table, indices).dataSync()).toEqual(Float32Array.of(5, 2, 11));
  });
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
