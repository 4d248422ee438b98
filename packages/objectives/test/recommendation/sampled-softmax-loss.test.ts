import { sampledSoftmaxLoss, softmaxCrossEntropy } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { listPoints, lists } from '../lists.ts';
import { describeLoss } from '../loss-contract.ts';

const logQ = { chosen: tf.tensor1d([-1, -2, -3]), rejected: tf.fill([3, 4], -1.5) };

describeLoss(
  'sampledSoftmaxLoss',
  (chosen, rejected) => sampledSoftmaxLoss({ chosen: chosen!, rejected: rejected! }, { logQ }),
  listPoints,
);

test('takes log Q off the scores it is given for', () => {
  const scores = lists([1], [[0]]);
  const half = tf.tensor1d([Math.log(0.5)]);
  const loss = (options: Parameters<typeof sampledSoftmaxLoss>[1]) =>
    sampledSoftmaxLoss(scores, options).dataSync();

  // e⁰ / ½ = 2 beside e¹: log(1 + 2 / e); with both corrected, log(1 + 1 / e) again.
  expectAllClose(loss({ logQ: { rejected: half } }), [Math.log1p(2 / Math.E)]);
  expectAllClose(loss({ logQ: { chosen: half, rejected: half } }), [Math.log1p(1 / Math.E)]);
  expectAllClose(loss({}), [Math.log1p(1 / Math.E)]);
});

test.each(published.sampledSoftmax)('agrees with PyTorch (case %#)', (expected) => {
  expectPublished(expected, ({ chosen, rejected, chosenLogQ, rejectedLogQ }) => {
    const correction = rejectedLogQ && {
      rejected: rejectedLogQ,
      ...(chosenLogQ && { chosen: chosenLogQ }),
    };
    const scores = { chosen: chosen!, rejected: rejected! };
    return sampledSoftmaxLoss(scores, correction ? { logQ: correction } : {});
  });
});

test('with all other items as negatives it is the full softmax', () => {
  const scores = [
    [0.3, -1, 2, 0.5],
    [1.5, 0.2, -0.7, 0.1],
  ];
  const targets = [2, 1];
  const others = scores.map((row, index) => row.filter((_, item) => item !== targets[index]));
  const sampled = sampledSoftmaxLoss(
    lists(
      targets.map((target, row) => scores[row]![target]!),
      others,
    ),
  );

  expectAllClose(
    sampled.dataSync(),
    softmaxCrossEntropy(tf.tensor2d(scores), tf.tensor1d(targets, 'int32')).dataSync(),
  );
});

test('log(J · Q) of the negatives makes their sum an unbiased estimate', () => {
  // Two negatives, drawn one at a time with Q = ¼ and ¾: the expectation over the draws of
  // exp(loss) − 1 = e^{s_j} / (Q_j e^{s_w}) is the full sum (e² + e⁻¹) / e.
  const [first, second] = [2, -1];
  const odds = [
    { score: first, q: 0.25 },
    { score: second, q: 0.75 },
  ].map(({ score, q }) => {
    const options = { logQ: { rejected: tf.tensor1d([Math.log(q)]) } };
    const [loss] = sampledSoftmaxLoss(lists([1], [[score]]), options).dataSync();
    return q * Math.expm1(loss!);
  });

  expectAllClose([odds[0]! + odds[1]!], [(Math.exp(first) + Math.exp(second)) / Math.E]);
});

test.each([1e4, -1e4])('stays finite at a score of %d', (score) => {
  const losses = sampledSoftmaxLoss(lists([score], [[0, 0]]));

  expectAllClose(losses.dataSync(), [score > 0 ? 0 : 1e4 + Math.log(2)]);
});

test('rejects a log Q of another shape', () => {
  const scores = lists([1, 2], [[0], [1]]);
  const rejected = tf.zeros([2, 1]);

  expect(() => sampledSoftmaxLoss(scores, { logQ: { rejected: tf.zeros([1, 2]) } })).toThrow(
    /^logQ\.rejected must have shape \[2\] or \[2, J\].*; got \[1,2\]$/,
  );
  expect(() =>
    sampledSoftmaxLoss(scores, { logQ: { chosen: tf.zeros([2, 1]), rejected } }),
  ).toThrow(new RangeError('logQ.chosen must have shape [n], got [2,1]'));
});
