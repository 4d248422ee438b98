import { softmaxCrossEntropy } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { describeLoss } from '../loss-contract.ts';

const targets = tf.tensor1d([2, 0], 'int32');

describeLoss('softmaxCrossEntropy', (scores) => softmaxCrossEntropy(scores!, targets), [
  { shape: [2, 3], data: [0.5, -1.2, 2, 0.1, 0.7, -3] },
]);

describeLoss(
  'softmaxCrossEntropy with an item left out, and saturated',
  (scores) => softmaxCrossEntropy(scores!, targets),
  [{ shape: [2, 3], data: [0.5, -Infinity, 2, -1e4, 0, 1e4] }],
);

test('is log itemCount where all scores are equal', () => {
  const losses = softmaxCrossEntropy(tf.fill([2, 3], 8), targets);

  expect(losses.shape).toEqual([2]);
  expectAllClose(losses.dataSync(), [Math.log(3), Math.log(3)]);
});

test.each(published.softmaxCrossEntropy)('agrees with PyTorch (case %#)', (expected) => {
  // Scores reach 30 in the larger case, and float32 rounds them by up to 2⁻²⁰.
  const tolerance = { relative: 1e-5, absolute: 2e-6 };
  expectPublished(
    expected,
    ({ scores, targets }) => softmaxCrossEntropy(scores!, tf.cast(targets!, 'int32')),
    tolerance,
  );
});

test('a shift of a row changes nothing', () => {
  const score = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(fc.array(score, { minLength: 3, maxLength: 9 }), score, (row, shift) => {
      tf.tidy(() => {
        const target = tf.tensor1d([1], 'int32');
        const loss = (scores: readonly number[]) =>
          softmaxCrossEntropy(tf.tensor2d([...scores], [1, scores.length]), target).dataSync();

        expect(loss(row.map((value) => value + 1000 * shift))).toEqual(loss(row));
      });
    }),
    { numRuns: 50 },
  );
});

test('a score of −∞ leaves an item out, and gets no gradient', () => {
  const scores = tf.tensor2d([1, -Infinity, 2], [1, 3]);
  const { value, gradients } = derivative(
    (x) => tf.sum(softmaxCrossEntropy(x!, tf.tensor1d([2], 'int32'))),
    [scores],
  );

  const other = 1 / (1 + Math.E); // e¹ / (e¹ + e²)
  expectAllClose([value], [Math.log1p(Math.exp(-1))]);
  expectAllClose(gradients[0]!, [other, 0, -other]);
});

test('scores of ±1e4 stay finite', () => {
  const { value, gradients } = derivative(
    (x) => tf.sum(softmaxCrossEntropy(x!, tf.tensor1d([1, 0], 'int32'))),
    [tf.tensor2d([1e4, -1e4, 1e4, -1e4], [2, 2])],
  );

  expectAllClose([value], [2e4]);
  expectAllClose(gradients[0]!, [1, -1, 0, 0]);
});

test('rejects shapes that do not fit', () => {
  expect(() => softmaxCrossEntropy(tf.zeros([3, 4]), targets)).toThrow(
    new RangeError('targets must have shape [3], got [2]'),
  );
  expect(() => softmaxCrossEntropy(tf.zeros([2, 3, 4]), targets)).toThrow(
    new RangeError('scores must have shape [2,3], got [2,3,4]'),
  );
});
