import { cpoLoss, simpoLoss } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { describeLoss } from '../loss-contract.ts';

const pair = (chosen: number, rejected: number) => ({
  chosen: tf.tensor1d([chosen]),
  rejected: tf.tensor1d([rejected]),
});

describeLoss(
  'cpoLoss',
  (chosen, rejected) =>
    cpoLoss({ chosen: chosen!, rejected: rejected! }, { beta: 0.5, labelSmoothing: 0.1 }),
  [
    { shape: [3], data: [-0.5, -1.2, -2] },
    { shape: [3], data: [-0.3, -1.4, -2.5] },
  ],
);

test('adds the negative log-likelihood of the chosen item', () => {
  // log 2 for a tie, and 3 · 1.5.
  expectAllClose(cpoLoss(pair(-1.5, -1.5), { beta: 1, sftWeight: 3 }).dataSync(), [
    Math.log(2) + 4.5,
  ]);
});

test.each(published.cpo)('agrees with TRL: $options', (expected) => {
  expectPublished(expected, ({ chosen, rejected }, options) =>
    cpoLoss({ chosen: chosen!, rejected: rejected! }, options),
  );
});

test('smooths no labels and weighs the likelihood by 1 unless told otherwise', () => {
  const policy = pair(-1, -3);

  expect(cpoLoss(policy, { beta: 0.1 }).dataSync()).toEqual(
    cpoLoss(policy, { beta: 0.1, labelSmoothing: 0, sftWeight: 1 }).dataSync(),
  );
});

test('without the likelihood it is SimPO without a margin', () => {
  const policy = { chosen: tf.tensor1d([1, -2, 0]), rejected: tf.tensor1d([0, 1, 0]) };

  expectAllClose(
    cpoLoss(policy, { beta: 0.3, sftWeight: 0 }).dataSync(),
    simpoLoss(policy, { beta: 0.3, gamma: 0 }).dataSync(),
  );
});

test.each([1e4, -1e4])('stays finite at a margin of %d', (margin) => {
  const loss = cpoLoss(pair(margin, 0), { beta: 1, sftWeight: 0 });

  expectAllClose(loss.dataSync(), [Math.max(0, -margin)]);
});

test.each([
  { options: { beta: 0 }, message: 'beta must be a finite number above 0, got 0' },
  { options: { beta: 1, sftWeight: -1 }, message: 'sftWeight must be between 0 and' },
  { options: { beta: 1, sftWeight: Infinity }, message: 'sftWeight must be between 0 and' },
  { options: { beta: 1, labelSmoothing: -0.1 }, message: 'labelSmoothing must be at least 0' },
])('rejects $options', ({ options, message }) => {
  expect(() => cpoLoss(pair(1, 0), options)).toThrow(RangeError);
  expect(() => cpoLoss(pair(1, 0), options)).toThrow(message);
});

test('rejects shapes that do not fit', () => {
  const [chosen, rejected] = [tf.zeros([2]), tf.zeros([2, 1])]; // would broadcast

  expect(() => cpoLoss({ chosen, rejected }, { beta: 1 })).toThrow(
    new RangeError('rejected must have shape [2], got [2,1]'),
  );
});
