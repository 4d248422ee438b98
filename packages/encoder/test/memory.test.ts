import '@rodpo/testing/tfjs';
import { causalSegmentMask, scoreItems, selfAttention } from '@rodpo/encoder';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { encodeTokens, layOut, makeParameters, options } from './model.ts';

const uniform = (shape: readonly number[]) => tf.zeros([...shape]);
const rate = { dropout: 0.5, uniform };
const x = tf.ones([8, 8]) as tf.Tensor2D;
const vector = tf.ones([8]);
const indices = tf.range(0, 8, 1, 'int32');
const segments = tf.ones([1, 8], 'int32');
const mask = causalSegmentMask(segments);
const parameters = makeParameters();
const tokens = layOut([[[3, 1, 2]]]);
const weights = {
  projection: tf.ones([8, 24]),
  projectionBias: tf.ones([24]),
  output: x,
  outputBias: vector,
};

test.each<[string, () => tf.Tensor]>([
  ['causalSegmentMask', () => causalSegmentMask(segments)],
  ['selfAttention', () => selfAttention(x, mask, weights, { headCount: 2, ...rate })],
  ['scoreItems', () => scoreItems(x, x, indices)],
  ['transformerEncoder', () => encodeTokens(parameters, tokens, { ...options, ...rate })],
])('%s leaves only its result behind', (_, call) => {
  const before = tf.memory().numTensors;
  const result = call();

  expect(tf.memory().numTensors).toBe(before + 1);
  result.dispose();
});

test('a gradient leaves only itself behind', () => {
  const names = Object.keys(parameters);
  const loss = (...tensors: tf.Tensor[]) => {
    const given = Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
    return tf.sum(encodeTokens(given, tokens, { ...options, ...rate }));
  };
  const before = tf.memory().numTensors;
  const gradients = tf.grads(loss)(Object.values(parameters));

  expect(tf.memory().numTensors).toBe(before + gradients.length);
});
