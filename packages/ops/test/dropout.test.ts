import { isActionable } from '@rodpo/errors';
import { dropout, dropoutMask } from '@rodpo/ops';
import { fillUniform } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const ones = tf.ones([10_000]);
const uniform = (shape: readonly number[]) =>
  tf.tensor(fillUniform(new Float32Array(tf.util.sizeFromShape([...shape])), 8), [...shape]);

test.each([
  ['dropout', (rate: number) => dropout(ones, rate, uniform)],
  ['dropoutMask', (rate: number) => dropoutMask(ones.shape, rate, uniform)],
])('%s drops the share asked for and scales up the rest', (_, dropped) => {
  const values = dropped(0.3).dataSync();
  const zeros = values.filter((value) => value === 0).length / values.length;

  expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
  // 4 σ of a share of 10,000: 4 · √(0.3 · 0.7 / 10,000) = 0.018; the mean is off by 1 / 0.7 of it.
  expect(Math.abs(zeros - 0.3)).toBeLessThan(0.018);
  expect(Math.abs(tf.mean(dropped(0.3)).dataSync()[0]! - 1)).toBeLessThan(0.026);
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

test('with rate 0 nothing is drawn and its input returned; a mask is all ones', () => {
  const never = () => {
    throw new Error('nothing may be drawn without dropout');
  };

  expect(dropout(ones, 0, never)).toBe(ones);
  expect(new Set(dropoutMask([50], 0, uniform).dataSync())).toEqual(new Set([1]));
});

test.each([-0.1, 1, 1.5, Number.NaN])('rejects the rate %d', (rate) => {
  for (const draw of [() => dropout(ones, rate, uniform), () => dropoutMask([2], rate, uniform)]) {
    const message = `The dropout rate must be at least 0 and below 1, got ${rate}`;
    expect(draw).toThrow(new RangeError(message));
    expect(draw).toThrow(expect.toSatisfy(isActionable));
  }
});
