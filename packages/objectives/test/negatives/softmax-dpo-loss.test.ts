import { bprLoss, dmpoLoss, noReference, softmaxDpoLoss } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { listPoints, lists, referenceLists } from '../lists.ts';
import { describeLoss } from '../loss-contract.ts';

const reference = referenceLists();

describeLoss(
  'softmaxDpoLoss',
  (chosen, rejected) =>
    softmaxDpoLoss({ chosen: chosen!, rejected: rejected! }, reference, { beta: 0.5 }),
  listPoints,
);

describeLoss(
  'softmaxDpoLoss with items left out, and saturated',
  (chosen, rejected) => {
    return tf.tidy(() => {
      const policy = { chosen: chosen!, rejected: rejected! };
      return softmaxDpoLoss(policy, noReference(policy), { beta: 1 });
    });
  },
  [
    { shape: [4], data: [0.5, 1, 1e4, -1e4] },
    { shape: [4, 2], data: [0.3, -Infinity, -Infinity, -Infinity, -1e4, 0, 1e4, 0] },
  ],
);

test('the reference is frozen, even if its scores are the very tensors of the policy', () => {
  const [chosen, rejected] = [tf.tensor1d([1]), tf.tensor2d([[0, Number.NEGATIVE_INFINITY]])];
  const zero = tf.tensor1d([0]);
  const loss = (scores: tf.Tensor) =>
    tf.sum(softmaxDpoLoss({ chosen, rejected: scores }, { chosen: zero, rejected }, { beta: 1 }));

  // One negative is left, behind by 1: log(1 + e⁻¹), and its slope is σ(−1).
  const { value, gradients } = derivative(loss, [rejected]);
  expectAllClose([value], [Math.log1p(Math.exp(-1))]);
  expectAllClose(gradients[0]!, [1 / (1 + Math.E), 0]);
});

test('is log(1 + J) where nothing is preferred', () => {
  const zeros = lists(
    [0, 0],
    [
      [0, 0, 0],
      [5, 5, 5],
    ],
  );
  // The reference agrees, so all rewards are 0: −log (1 / (1 + 3)).
  expectAllClose(softmaxDpoLoss(zeros, zeros, { beta: 0.7 }).dataSync(), [
    Math.log(4),
    Math.log(4),
  ]);
});

test.each(published.softmaxDpo)('agrees with the published code: $options', (expected) => {
  expectPublished(expected, ({ chosen, rejected, ...reference }, options) =>
    softmaxDpoLoss(
      { chosen: chosen!, rejected: rejected! },
      { chosen: reference.reference_chosen!, rejected: reference.reference_rejected! },
      options,
    ),
  );
});

test('with one rejected item it is DMPO, and BPR on the implicit rewards', () => {
  const reward = fc.integer({ min: -40, max: 40 }).map((value) => value / 4); // exact differences
  const row = fc.tuple(reward, reward, reward, reward);
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), (rows) => {
      tf.tidy(() => {
        const policy = lists(
          rows.map((r) => r[0]),
          rows.map((r) => [r[1]]),
        );
        const reference = lists(
          rows.map((r) => r[2]),
          rows.map((r) => [r[3]]),
        );
        const rewards = lists(
          rows.map((r) => (r[0] - r[2]) / 2),
          rows.map((r) => [(r[1] - r[3]) / 2]),
        );
        const losses = softmaxDpoLoss(policy, reference, { beta: 0.5 }).dataSync();

        expectAllClose(losses, bprLoss(rewards).dataSync());
        expectAllClose(losses, dmpoLoss(policy, reference, { beta: 0.5 }).dataSync());
      });
    }),
    { numRuns: 50 },
  );
});

test('what a row adds to all its scores cancels', () => {
  const policy = lists(
    [1, 2],
    [
      [0, 3],
      [1, -1],
    ],
  );
  const shifted = lists(
    [101, -498],
    [
      [100, 103],
      [-499, -501],
    ],
  ); // by 100 and by −500
  const reference = lists(
    [0.5, 1],
    [
      [0.25, 2],
      [1, 0],
    ],
  );

  expectAllClose(
    softmaxDpoLoss(shifted, reference, { beta: 1 }).dataSync(),
    softmaxDpoLoss(policy, reference, { beta: 1 }).dataSync(),
  );
});

test('the hardest rejected item gets the largest part of the gradient', () => {
  const { chosen, rejected } = lists([0], [[2, 0, -2]]);
  const reference = noReference({ chosen, rejected });
  const { gradients } = derivative(
    (c, r) => tf.sum(softmaxDpoLoss({ chosen: c!, rejected: r! }, reference, { beta: 1 })),
    [chosen, rejected],
  );

  // Each gets its softmax share of e² + 1 + e⁻² + 1, and the chosen item minus their sum.
  const total = Math.exp(2) + 2 + Math.exp(-2);
  expectAllClose(gradients[1]!, [Math.exp(2) / total, 1 / total, Math.exp(-2) / total]);
  expectAllClose(gradients[0]!, [1 / total - 1]);
});

test.each([1e4, -1e4])('stays finite at a score of %d', (score) => {
  const { chosen, rejected } = lists([score], [[0, -score]]);
  const reference = noReference({ chosen, rejected });
  const { value, gradients } = derivative(
    (c, r) => tf.sum(softmaxDpoLoss({ chosen: c!, rejected: r! }, reference, { beta: 1 })),
    [chosen, rejected],
  );

  // At −1e4 the second rejected item is 2e4 ahead and has the whole gradient.
  expectAllClose([value], [score > 0 ? 0 : 2e4]);
  expectAllClose([...gradients[0]!, ...gradients[1]!], score > 0 ? [0, 0, 0] : [-1, 0, 1]);
});

test('a rejected score of −∞ leaves that item out; a row of them costs nothing', () => {
  const policy = lists(
    [1, 1],
    [
      [0, -Infinity, 2],
      [-Infinity, -Infinity, -Infinity],
    ],
  );
  const reference = noReference(policy);
  const { gradients } = derivative(
    (r) => tf.sum(softmaxDpoLoss({ ...policy, rejected: r! }, reference, { beta: 1 })),
    [policy.rejected],
  );
  const alone = lists([1], [[0, 2]]);

  expectAllClose(softmaxDpoLoss(policy, reference, { beta: 1 }).dataSync(), [
    softmaxDpoLoss(alone, noReference(alone), { beta: 1 }).dataSync()[0]!,
    0,
  ]);
  expectAllClose([gradients[0]![1]!, ...gradients[0]!.slice(3)], [0, 0, 0, 0]);
});

test('rejected items may be [n] where there is one each', () => {
  const pairs = { chosen: tf.tensor1d([1, 2]), rejected: tf.tensor1d([0, 5]) };

  expectAllClose(softmaxDpoLoss(pairs, noReference(pairs), { beta: 1 }).dataSync(), [
    Math.log1p(Math.exp(-1)),
    Math.log1p(Math.exp(3)),
  ]);
});

test('rejects shapes that do not fit and a beta that is not above 0', () => {
  const policy = lists(
    [1, 2],
    [
      [0, 3],
      [1, -1],
    ],
  );
  const loss =
    (change: object, beta = 1) =>
    () =>
      softmaxDpoLoss({ ...policy, ...change }, policy, { beta });

  expect(loss({ chosen: tf.zeros([2, 1]) })).toThrow(
    new RangeError('policy.chosen must have shape [n], got [2,1]'),
  );
  expect(loss({ rejected: tf.zeros([3, 2]) })).toThrow(
    new RangeError(
      'policy.rejected must have shape [2] or [2, J] with J of at least 1, ' +
        'as policy.chosen has 2 rows; got [3,2]',
    ),
  );
  expect(loss({ rejected: tf.zeros([2, 0]) })).toThrow(RangeError);
  expect(loss({ rejected: tf.zeros([2, 1]) })).toThrow(
    'reference.rejected must have shape [2,1], got [2,2]',
  );
  for (const beta of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(loss({}, beta)).toThrow(`beta must be a finite number above 0, got ${beta}`);
  }
});
