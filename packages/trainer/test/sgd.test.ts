import { expectTensors } from '@rodpo/testing/tfjs';
import { sgd, sgdState } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { tensorsOf } from './tensors-of.ts';
import { valuesOf } from './values-of.ts';

const start = { x: { shape: [2], data: Float32Array.of(1, 2) } };
const gradients = { x: tf.tensor1d([1, -2]) };

test('without momentum it is a step against the gradient, and has no state', () => {
  const next = sgd(tensorsOf(start), gradients, {}, { learningRate: tf.scalar(0.25) });

  expect(valuesOf(next.parameters)).toEqual({ x: [0.75, 2.5] });
  expect(next.state).toEqual({});
});

test('keeps its velocity under the name of the parameter', () => {
  const state = tensorsOf(sgdState(start));
  const options = { learningRate: 0.25, momentum: 0.5 };
  const once = sgd(tensorsOf(start), gradients, state, options);
  const twice = sgd(once.parameters, gradients, once.state, options);

  expect(valuesOf(state)).toEqual({ 'sgd.velocity.x': [0, 0] });
  expect(valuesOf(twice.state)).toEqual({ 'sgd.velocity.x': [1.5, -3] });
  expect(valuesOf(twice.parameters)).toEqual({ x: [1 - 0.25 - 0.375, 2 + 0.5 + 0.75] });
});

test('leaves only its results behind, and says what is missing', () => {
  const parameters = tensorsOf(start);
  const state = tensorsOf(sgdState(start));
  expectTensors(2, () => sgd(parameters, gradients, state, { learningRate: 1, momentum: 0.9 }));
  expect(() => sgd(parameters, gradients, {}, { learningRate: 1, momentum: 0.9 })).toThrow(
    "Expected a state 'sgd.velocity.x', got none",
  );
});
