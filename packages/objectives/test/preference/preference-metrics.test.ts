import {
  type PreferenceMetric,
  type PreferenceMetricsOptions,
  preferenceMetrics,
} from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { expectTensors } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const policy = { chosen: tf.tensor1d([-1, -2, -4]), rejected: tf.tensor1d([-3, -1, -5]) };
const reference = { chosen: tf.tensor1d([-2, -2, -2]), rejected: tf.tensor1d([-2, -1, -5]) };

function read(options: PreferenceMetricsOptions): Record<PreferenceMetric, number> {
  const metrics = Object.entries(preferenceMetrics(policy, reference, options));
  return Object.fromEntries(metrics.map(([name, metric]) => [name, metric.arraySync()])) as never;
}

const expectMetrics = (actual: Record<string, number>, expected: Record<string, number>) => {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  expectAllClose(Object.values(actual), Object.values(expected));
};

test('are means over pairs; a tie is not accurate', () => {
  // Log-ratios 1, 0, −2 of chosen and −1, 0, 0 of rejected: won, tied, lost.
  expectMetrics(read({ beta: 0.5 }), {
    'rewards/chosen': -0.5 / 3,
    'rewards/rejected': -0.5 / 3,
    'rewards/accuracies': 1 / 3,
    'rewards/margins': 0,
    'logps/chosen': -7 / 3,
    'logps/rejected': -3,
  });
});

test('respect the weights of the pairs', () => {
  expectMetrics(read({ beta: 0.5, weights: tf.tensor1d([3, 1, 0]) }), {
    'rewards/chosen': 0.375, // ½ · (3 · 1 + 0) / 4
    'rewards/rejected': -0.375,
    'rewards/accuracies': 0.75,
    'rewards/margins': 0.75,
    'logps/chosen': -1.25,
    'logps/rejected': -2.5,
  });
});

test('leave only themselves behind', () => {
  expectTensors(6, () => preferenceMetrics(policy, reference, { beta: 1 }));
});

test('reject a beta of 0, and scores or weights of another shape', () => {
  expect(() => read({ beta: 0 })).toThrow('beta must be a finite number above 0, got 0');
  expect(() => read({ beta: 1, weights: tf.ones([2]) })).toThrow('Shapes 2 and 3 must match');
  const short = { ...reference, rejected: tf.ones([2]) };
  expect(() => preferenceMetrics(policy, short, { beta: 1 })).toThrow('DPO: scores: Shapes');
});
