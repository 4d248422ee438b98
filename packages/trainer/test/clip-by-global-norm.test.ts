import { expectAllClose } from '@rodpo/testing';
import { expectTensors } from '@rodpo/testing/tfjs';
import { clipByGlobalNorm } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { valuesOf } from './values-of.ts';

const gradients = { a: tf.tensor2d([[3, 0]]), b: tf.scalar(-4) }; // of norm 5

test('scales all of them by one factor, and tells the norm before', () => {
  const { gradients: clipped, norm } = clipByGlobalNorm(gradients, 2.5);

  expect(norm.arraySync()).toBe(5);
  expectAllClose(clipped.a.dataSync(), [1.5, 0], { relative: 1e-6 }); // 2.5 / (5 + 1e-6)
  expectAllClose(clipped.b.dataSync(), [-2], { relative: 1e-6 });
  expect(clipped.a.shape).toEqual([1, 2]);
});

test.each([5.1, 1000, Number.POSITIVE_INFINITY])('leaves a norm below %d as it is', (maxNorm) => {
  const { gradients: clipped, norm } = clipByGlobalNorm(gradients, maxNorm);

  expect(valuesOf(clipped)).toEqual(valuesOf(gradients));
  expect(norm.arraySync()).toBe(5);
});

test('a norm as small as 1e-6 is clipped by 1e-6 more, as in torch', () => {
  const { gradients: clipped } = clipByGlobalNorm({ a: tf.scalar(3e-6) }, 1e-6);

  expectAllClose(clipped.a.dataSync(), [3e-6 / 4], { relative: 1e-6, absolute: 0 });
});

test('zeros stay zeros, and no number makes none of any', () => {
  expect(valuesOf(clipByGlobalNorm({ a: tf.zeros([2]) }, 1).gradients)).toEqual({ a: [0, 0] });
  const { gradients: clipped, norm } = clipByGlobalNorm({ a: tf.scalar(NaN), b: tf.scalar(1) }, 1);
  expect(norm.arraySync()).toBeNaN();
  expect(valuesOf(clipped)).toEqual({ a: [NaN], b: [NaN] });
});

test('leaves only its results behind', () => {
  expectTensors(3, () => clipByGlobalNorm(gradients, 1));
});

test('refuses what it cannot do', () => {
  for (const maxNorm of [0, -1, Number.NaN]) {
    expect(() => clipByGlobalNorm(gradients, maxNorm)).toThrow(
      new RangeError(`maxNorm must be a positive number, got ${maxNorm}`),
    );
  }
  expect(() => clipByGlobalNorm({}, 1)).toThrow('Expected gradients to clip, got none.');
});
