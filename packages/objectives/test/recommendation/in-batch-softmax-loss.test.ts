import { inBatchSoftmaxLoss, sampledSoftmaxLoss } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { lists } from '../lists.ts';
import { describeLoss } from '../loss-contract.ts';

const items = tf.tensor1d([7, 3, 7], 'int32');
const logQ = tf.tensor1d([-1, -2, -1]);

describeLoss('inBatchSoftmaxLoss', (scores) => inBatchSoftmaxLoss(scores!, { items, logQ }), [
  { shape: [3, 3], data: [0.5, -1.2, 2, 0.1, 0.7, -3, 1.5, 0.2, -0.4] },
]);

test('rows of the same item are no negatives of each other', () => {
  const scores = tf.tensor2d([
    [1, 0, 9], // column 2 is the row's own item again
    [0, 1, 0],
    [9, 0, 1],
  ]);
  const [alone, both] = [Math.log1p(Math.exp(-1)), Math.log1p(2 * Math.exp(-1))];

  expectAllClose(inBatchSoftmaxLoss(scores, { items }).dataSync(), [alone, both, alone]);
});

test.each(published.inBatchSoftmax)('agrees with the published order (case %#)', (expected) => {
  expectPublished(expected, ({ scores, items, logQ }) =>
    inBatchSoftmaxLoss(scores!, {
      ...(items && { items: tf.cast(items, 'int32') }),
      ...(logQ && { logQ }),
    }),
  );
});

test('is the sampled softmax with the other columns as negatives', () => {
  const scores = tf.tensor2d([0.5, -1.2, 0.1, 0.7], [2, 2]);
  const q = tf.tensor1d([-1, -2]);
  const swapped = { chosen: q, rejected: tf.tensor2d([-2, -1], [2, 1]) };

  expectAllClose(
    inBatchSoftmaxLoss(scores, { logQ: q }).dataSync(),
    sampledSoftmaxLoss(lists([0.5, 0.7], [[-1.2], [0.1]]), { logQ: swapped }).dataSync(),
  );
});

test('a batch of one item teaches nothing', () => {
  const losses = inBatchSoftmaxLoss(tf.tensor2d([3, 1e4, -1e4, 5], [2, 2]), {
    items: tf.tensor1d([4, 4], 'int32'),
  });

  expectAllClose(losses.dataSync(), [0, 0]);
});

test('scores of ±1e4 stay finite', () => {
  const losses = inBatchSoftmaxLoss(tf.tensor2d([-1e4, 1e4, -1e4, 1e4], [2, 2]));

  expectAllClose(losses.dataSync(), [2e4, 0]);
});

test('rejects shapes that do not fit', () => {
  const scores = tf.zeros([2, 2]);
  const options = (change: object) => () => inBatchSoftmaxLoss(scores, change);

  expect(() => inBatchSoftmaxLoss(tf.zeros([2, 3]))).toThrow(
    new RangeError('scores must have shape [2,2], got [2,3]'),
  );
  expect(options({ items })).toThrow(new RangeError('items must have shape [2], got [3]'));
  expect(options({ logQ })).toThrow(new RangeError('logQ must have shape [2], got [3]'));
});
