import { dropout, dropoutMask, gelu, layerNorm, logSumExp, lookup, stopGradient } from '@rodpo/ops';
import { expectTensors } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { test } from 'vitest';

const x = tf.ones([8, 8]);
const vector = tf.ones([8]);
const indices = tf.zeros([2, 3], 'int32');
const uniform = (shape: readonly number[]) => tf.zeros([...shape]);

test.each<[string, (x: tf.Tensor) => tf.Tensor]>([
  ['dropout', (x) => dropout(x, 0.5, uniform)],
  ['dropoutMask', (x) => dropoutMask(x.shape, 0.5, uniform)],
  ['gelu', gelu],
  ['layerNorm', (x) => layerNorm(x, vector, vector)],
  ['logSumExp', logSumExp],
  ['lookup', (x) => lookup(x, indices)],
  ['stopGradient', (x) => stopGradient(() => tf.square(tf.neg(x)))],
])('%s leaves only its result behind, and its gradient only itself', (_, compute) => {
  expectTensors(1, () => compute(x));
  expectTensors(1, () => tf.grad((point) => tf.sum(tf.mul(compute(point), tf.mean(point))))(x));
});
