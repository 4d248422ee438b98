import { bprLoss } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { listPoints, lists } from '../lists.ts';
import { describeLoss } from '../loss-contract.ts';

describeLoss(
  'bprLoss',
  (chosen, rejected) => bprLoss({ chosen: chosen!, rejected: rejected! }),
  listPoints,
);

test('is the mean over the rejected items', () => {
  // softplus(−1) and softplus(1), their mean ½ (2 softplus(−1) + 1).
  expectAllClose(bprLoss(lists([1], [[0, 2]])).dataSync(), [Math.log1p(Math.exp(-1)) + 0.5]);
});

test.each(published.bpr)('agrees with PyTorch (case %#)', (expected) => {
  expectPublished(expected, ({ chosen, rejected }) =>
    bprLoss({ chosen: chosen!, rejected: rejected! }),
  );
});

test('takes one rejected item per row as [n] too', () => {
  const chosen = tf.tensor1d([1, 2]);
  const flat = bprLoss({ chosen, rejected: tf.tensor1d([0, 5]) });

  expect(flat.shape).toEqual([2]);
  expect(flat.dataSync()).toEqual(
    bprLoss({ chosen, rejected: tf.tensor2d([0, 5], [2, 1]) }).dataSync(),
  );
});

test.each([1e4, -1e4])('stays finite at a score of %d', (score) => {
  expectAllClose(bprLoss(lists([score], [[0]])).dataSync(), [Math.max(0, -score)]);
});

test('rejects shapes that do not fit', () => {
  expect(() => bprLoss({ chosen: tf.zeros([2]), rejected: tf.zeros([3]) })).toThrow(RangeError);
});
