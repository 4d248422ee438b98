import { logSumExp } from '@rodpo/ops';
import { expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const no = Number.NEGATIVE_INFINITY;

test('is the logarithm of the sum of exponentials, and its gradient the softmax', () => {
  const x = tf.log(tf.tensor2d([[1, 2, 5], [4, 4, 2]])); // biome-ignore format: rows
  const loss = (points: tf.Tensor) => tf.sum(tf.mul(logSumExp(points), [1, 10]));
  const { gradients } = derivative((points) => loss(points!), [x]);

  expectAllClose(logSumExp(x).dataSync(), [Math.log(8), Math.log(10)]);
  expectAllClose(gradients[0]!, [1 / 8, 2 / 8, 5 / 8, 4, 4, 2]);
});

test.each([
  ['a large offset', [1e4, 1e4 + Math.log(3)], 1e4 + Math.log(4), [0.25, 0.75]],
  ['a low offset', [-1e30, -1e30], -1e30, [0.5, 0.5]],
  ['an entry left out', [no, 0.5, no], 0.5, [0, 1, 0]],
  ['all left out', [no, no], no, [0, 0]],
  ['one', [2], 2, [1]],
])('%s gives a right value and gradient', (_, row, value, slopes) => {
  const result = derivative((x) => tf.sum(logSumExp(x!)), [tf.tensor2d([row])]);

  expectAllClose([result.value], [value], { relative: 1e-7, absolute: 1e-7 });
  // An input near 10,000 is a multiple of 2^-10, which moves a share of ¾ by at most ¾ · ¼ · 2^-11.
  expectAllClose(result.gradients[0]!, slopes, { relative: 0, absolute: 2 ** -13 });
});

test('takes any rank, and removes the last axis', () => {
  expect(logSumExp(tf.zeros([2, 3, 4])).shape).toEqual([2, 3]);
  expect(logSumExp(tf.zeros([4])).shape).toEqual([]);
});
