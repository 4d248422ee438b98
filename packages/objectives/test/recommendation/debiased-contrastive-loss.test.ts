import { debiasedContrastiveLoss, sampledSoftmaxLoss } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { lists } from '../lists.ts';
import { describeLoss } from '../loss-contract.ts';

describeLoss(
  'debiasedContrastiveLoss',
  (chosen, rejected) => debiasedContrastiveLoss({ chosen: chosen!, rejected: rejected! }),
  [
    { shape: [2], data: [0.8, -0.3] },
    { shape: [2, 3], data: [0.1, -0.9, 0.4, 0.7, 0.2, -0.5] },
  ],
);

describeLoss(
  'debiasedContrastiveLoss of saturated scores',
  (chosen, rejected) => debiasedContrastiveLoss({ chosen: chosen!, rejected: rejected! }),
  [
    { shape: [2], data: [1e4, -1e4] },
    { shape: [2, 2], data: [-1e4, 0, 1e4, 0] },
  ],
);

test('takes the expected share of positives off the negatives', () => {
  // t = 1, τ⁺ = ¼, J = 2: G = (2 e⁰ − 2 · ¼ · e^½) / ¾ = 1.57, above the bound of 2 e⁻¹ = 0.74.
  const group = (2 - 0.5 * Math.exp(0.5)) / 0.75;
  const options = { positivePrior: 0.25, temperature: 1 };

  expectAllClose(debiasedContrastiveLoss(lists([0.5], [[0, 0]]), options).dataSync(), [
    Math.log1p(group / Math.exp(0.5)),
  ]);
});

test.each(published.debiasedContrastive)('agrees with the published code: $options', (expected) => {
  expectPublished(expected, ({ chosen, rejected }, options) =>
    debiasedContrastiveLoss({ chosen: chosen!, rejected: rejected! }, options),
  );
});

test('by default the prior is 0.1 and the temperature 0.5, as in the published code', () => {
  const scores = lists(
    [0.5, -0.2],
    [
      [0.1, -0.9],
      [0.3, 0.9],
    ],
  );

  expect(debiasedContrastiveLoss(scores).dataSync()).toEqual(
    debiasedContrastiveLoss(scores, { positivePrior: 0.1, temperature: 0.5 }).dataSync(),
  );
});

test('without positives among the negatives it is the sampled softmax', () => {
  const scores = lists(
    [0.5, -0.2],
    [
      [0.1, -0.9],
      [0.3, 0.9],
    ],
  );

  expectAllClose(
    debiasedContrastiveLoss(scores, { positivePrior: 0, temperature: 1 }).dataSync(),
    sampledSoftmaxLoss(scores).dataSync(),
  );
});

test('never counts the negatives for less than they can be', () => {
  // J e^{−1/t} less J τ⁺ e^{1/t} is negative: the bound decides, and no gradient goes past it.
  const scores = lists([1], [[-1, -1]]);
  const { value, gradients } = derivative(
    (r) => tf.sum(debiasedContrastiveLoss({ ...scores, rejected: r! })),
    [scores.rejected],
  );

  expectAllClose([value], [Math.log1p(2 * Math.exp(-4))]); // (−1 − 1) / ½
  expectAllClose(gradients[0]!, [0, 0]);
});

test.each([1e4, -1e4])('gives finite numbers even at a score of %d', (score) => {
  const { chosen, rejected } = lists([score], [[-score, 0]]);
  const { value, gradients } = derivative(
    (c, r) => tf.sum(debiasedContrastiveLoss({ chosen: c!, rejected: r! }, { temperature: 1 })),
    [chosen, rejected],
  );

  const slopes = [...gradients[0]!, ...gradients[1]!];
  // −1e4: log(e^{1e4} / 0.9) + 1e4.
  expectAllClose([value], [score > 0 ? 0 : 2e4 - Math.log(0.9)]);
  expectAllClose(slopes, score > 0 ? [0, 0, 0] : [-1, 1, 0]);
});

test.each([
  { options: { temperature: 0 }, message: 'temperature must be a finite number above 0, got 0' },
  { options: { positivePrior: 1 }, message: 'positivePrior must be at least 0 and below 1, got 1' },
])('rejects $options', ({ options, message }) => {
  expect(() => debiasedContrastiveLoss(lists([1], [[0]]), options)).toThrow(
    new RangeError(message),
  );
});
