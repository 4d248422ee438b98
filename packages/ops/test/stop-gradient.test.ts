import { stopGradient } from '@rodpo/ops';
import { expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

test.each<[string, (x: tf.Tensor) => tf.Tensor, number[]]>([
  ['what it computes', (x) => stopGradient(() => tf.square(x)), [4, 9]],
  ['what was there before', (x) => stopGradient(() => x), [2, -3]],
  ['a choice, which has no gradient', (x) => stopGradient(() => tf.topk(x, 2).values), [2, -3]],
])('is a constant to the gradient: %s', (_, constant, slopes) => {
  const x = tf.tensor1d([2, -3]);
  const { value, gradients } = derivative((x) => tf.sum(tf.mul(x!, constant(x!))), [x]);

  expectAllClose([value], [2 * slopes[0]! - 3 * slopes[1]!]);
  expectAllClose(gradients[0]!, slopes); // the constant itself
});

test('also from variables', () => {
  const weight = tf.variable(tf.scalar(3));
  const twice = () => stopGradient(() => tf.mul(weight, 2));
  const { grads } = tf.variableGrads(() => tf.mul(weight, twice()) as tf.Scalar);

  expect(grads[weight.name]!.arraySync()).toBe(6);
  weight.dispose();
});
