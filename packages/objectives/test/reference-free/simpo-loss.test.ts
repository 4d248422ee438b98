import { simpoLoss } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { describeLoss } from '../loss-contract.ts';

const pair = (chosen: number, rejected: number) => ({
  chosen: tf.tensor1d([chosen]),
  rejected: tf.tensor1d([rejected]),
});

const pairs = [
  { shape: [3], data: [0.5, -1.2, 2] },
  { shape: [3], data: [0.3, 1.4, -2] },
];

describeLoss(
  'simpoLoss',
  (chosen, rejected) =>
    simpoLoss({ chosen: chosen!, rejected: rejected! }, { beta: 2, gamma: 0.5 }),
  pairs,
);
describeLoss(
  'simpoLoss with label smoothing',
  (chosen, rejected) =>
    simpoLoss(
      { chosen: chosen!, rejected: rejected! },
      { beta: 2, gamma: 0.5, labelSmoothing: 0.2 },
    ),
  pairs,
);

test('is log 2 where the chosen item is ahead by γ / β', () => {
  expectAllClose(simpoLoss(pair(0.75, 0), { beta: 2, gamma: 1.5 }).dataSync(), [Math.log(2)]);
});

test.each(published.simpo)('agrees with TRL: $options', (expected) => {
  expectPublished(expected, ({ chosen, rejected }, options) =>
    simpoLoss({ chosen: chosen!, rejected: rejected! }, options),
  );
});

test.each([1e4, -1e4])('stays finite at a margin of %d', (margin) => {
  const loss = simpoLoss(pair(margin, 0), { beta: 1, gamma: 1 });

  expectAllClose(loss.dataSync(), [Math.max(0, 1 - margin)]);
});

test.each([
  { options: { beta: 0, gamma: 1 }, message: 'beta must be a finite number above 0, got 0' },
  { options: { beta: 1, gamma: -1 }, message: 'gamma must be between 0 and' },
  {
    options: { beta: 1, gamma: 1, labelSmoothing: 0.5 },
    message: 'labelSmoothing must be at least 0 and below 0.5, got 0.5',
  },
])('rejects $options', ({ options, message }) => {
  expect(() => simpoLoss(pair(1, 0), options)).toThrow(RangeError);
  expect(() => simpoLoss(pair(1, 0), options)).toThrow(message);
});

test('rejects shapes that do not fit', () => {
  const [chosen, rejected] = [tf.zeros([2]), tf.zeros([2, 1])]; // would broadcast

  expect(() => simpoLoss({ chosen, rejected }, { beta: 1, gamma: 0 })).toThrow(
    new RangeError('rejected must have shape [2], got [2,1]'),
  );
  expect(() => simpoLoss({ chosen: rejected, rejected }, { beta: 1, gamma: 0 })).toThrow(
    RangeError,
  );
});
