import { expectAllClose } from '@rodpo/testing';
import { expectTensors } from '@rodpo/testing/tfjs';
import { average, averageState, averagesOf } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { golden } from './optim-golden.ts';
import { tensorsOf } from './tensors-of.ts';
import { valuesOf } from './values-of.ts';

const weights = { x: { shape: [2], data: Float32Array.of(1, -8) } };

test.each(golden.averages)('keeps what timm keeps: $options', ({ options, weights, averages }) => {
  let state = tensorsOf(averageState({ x: { shape: [], data: Float32Array.of(5) } }));
  const found = weights.map((weight) => {
    state = average({ x: tf.scalar(weight) }, state, options);
    return averagesOf(state).x!.dataSync()[0]!;
  });

  // Averages of either sign may be near 0: what counts is the size of the weights, at most 2.
  expectAllClose(found, averages, { relative: 1e-6, absolute: 1e-6 });
});

test('before an update they are the weights themselves, a copy', () => {
  const state = averageState(weights);
  expect(averagesOf(state)).toEqual(weights);
  expect(state['average.count']).toEqual({ shape: [], data: Int32Array.of(0) });
  expect(averagesOf(state).x!.data).not.toBe(weights.x.data);
});

test('is a weighted mean of all weights, by hand', () => {
  let state = tensorsOf(averageState(weights));
  for (const value of [2, 4, -8]) {
    state = average({ x: tf.tensor1d([value, value]) }, state, { decay: 0.75 });
  }
  // The first is taken as it is: 2, then ¾ · 2 + ¼ · 4 = 2.5, then ¾ · 2.5 − ¼ · 8 = −0.125.
  expect(valuesOf(averagesOf(state))).toEqual({ x: [-0.125, -0.125] });
  expect(state['average.count']!.arraySync()).toBe(3);
});

test('an average of equal weights is that weight, whatever the decay', () => {
  let state = tensorsOf(averageState(weights));
  for (let step = 0; step < 1000; step++) {
    state = tf.tidy(() => average(tensorsOf(weights), state, { decay: 0.9999 }));
  }
  expect(valuesOf(averagesOf(state))).toEqual({ x: [1, -8] });
});

test('changes none of its inputs, and leaves only its results behind', () => {
  const state = tensorsOf(averageState(weights));
  const parameters = { x: tf.tensor1d([2, 3]) };
  const before = valuesOf(state);

  expectTensors(2, () => average(parameters, state, { decay: 0.9, warmUp: true }));
  expect(valuesOf(state)).toEqual(before);
});

test('averagesOf takes averages only, and no prototype', () => {
  expect(averagesOf({ 'adam.first.x': 1, 'average.count': 2, 'average.weights.a.b': 3 })).toEqual({
    'a.b': 3,
  });
});

test('refuses options out of range, and weights without an average', () => {
  const state = tensorsOf(averageState(weights));
  const parameters = { x: tf.tensor1d([2, 3]) };
  for (const decay of [1, -0.1, Number.NaN]) {
    expect(() => average(parameters, state, { decay })).toThrow(
      new RangeError(`decay must be from 0 to below 1, got ${decay}. 0.999 is common.`),
    );
  }
  expect(() => average(parameters, state, { decay: 0.5, warmUp: { gamma: 0 } })).toThrow(
    'gamma and power must be positive numbers, got 0 and 0.6666666666666666',
  );
  expect(() => average({ y: tf.scalar(1) }, state, { decay: 0.5 })).toThrow(
    "Expected a state 'average.weights.y', got none",
  );
});
