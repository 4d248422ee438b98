import { bprLoss, combineLosses, softmaxCrossEntropy, weightedMean } from '@rodpo/objectives';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { describeLoss } from './loss-contract.ts';

const targets = tf.tensor1d([2, 0], 'int32');
const rejected = tf.tensor1d([1, -1]);

describeLoss(
  'combineLosses',
  (chosen, scores) =>
    tf.tidy(() =>
      combineLosses([
        { loss: weightedMean(bprLoss({ chosen: chosen!, rejected })), weight: 1 },
        { loss: weightedMean(softmaxCrossEntropy(scores!, targets)), weight: 0.1 },
      ]),
    ),
  [
    { shape: [2], data: [0.5, 2] },
    { shape: [2, 3], data: [0.5, -1.2, 2, 0.1, 0.7, -3] },
  ],
);

test('is the weighted sum', () => {
  const terms = [
    { loss: tf.scalar(3), weight: 2 },
    { loss: tf.scalar(8), weight: -0.25 },
    { loss: tf.scalar(5), weight: 0 },
  ];

  expect(combineLosses(terms).shape).toEqual([]);
  expect(combineLosses(terms).arraySync()).toBe(4);
  expect(combineLosses(terms.slice(0, 1)).arraySync()).toBe(6);
});

test('rejects nothing, losses per row, and weights that are not finite', () => {
  const loss = tf.scalar(1);

  expect(() => combineLosses([])).toThrow(
    new RangeError('losses must hold at least one loss, got none'),
  );
  expect(() => combineLosses([{ loss: tf.ones([3]), weight: 1 }])).toThrow(
    new RangeError('losses[0].loss must have shape [], got [3]'),
  );
  for (const weight of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() =>
      combineLosses([
        { loss, weight: 1 },
        { loss, weight },
      ]),
    ).toThrow(new RangeError(`losses[1].weight must be a finite number, got ${weight}`));
  }
});
