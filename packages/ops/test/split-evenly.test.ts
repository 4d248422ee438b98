import { splitEvenly } from '@rodpo/ops';
import '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

test.each([1, 2, 4])('%d parts are differentiated, each by itself', (count) => {
  const x = tf.reshape(tf.range(0, 8), [2, 4]);
  const loss = (x: tf.Tensor) =>
    tf.addN(splitEvenly(x, count, 1).map((part, index) => tf.sum(tf.mul(index + 1, part))));
  const slopes = Array.from({ length: 4 }, (_, column) => 1 + Math.floor((column * count) / 4));

  expect(splitEvenly(x, count, 1).map((part) => part.shape)).toEqual(
    Array.from({ length: count }, () => [2, 4 / count]),
  );
  expect(tf.grad(loss)(x).arraySync()).toEqual([slopes, slopes]);
});
