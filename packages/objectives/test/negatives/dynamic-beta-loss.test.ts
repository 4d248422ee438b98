import { dynamicBetaLoss, noReference } from '@rodpo/objectives';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { listPoints, lists, referenceLists } from '../lists.ts';
import { describeLoss } from '../loss-contract.ts';

const reference = referenceLists();

describeLoss(
  'dynamicBetaLoss',
  (chosen, rejected) =>
    dynamicBetaLoss({ chosen: chosen!, rejected: rejected! }, reference, { beta: 0.5 }),
  listPoints,
);

/** Gradient of the loss by the rejected scores, and so which of them are at the boundary. */
const gradientByRejected = (chosen: number, rejected: readonly number[]) =>
  tf.tidy(() => {
    const policy = lists([chosen], [rejected]);
    const { gradients } = derivative(
      (r) => tf.sum(dynamicBetaLoss({ ...policy, rejected: r! }, noReference(policy), { beta: 1 })),
      [policy.rejected],
    );
    return gradients[0]!;
  });

const boundary = (chosen: number, rejected: readonly number[]) =>
  [...gradientByRejected(chosen, rejected)].map((slope) => slope > 0);

test('a worked row', () => {
  // B = {3, 2}, scored at least as high as 2; the easy ones are 0 and −1, of mean −½.
  // k = 3: p = −1, q = 3½, (−1 − 3½ − 2) / 4½; k = 2: p = 0, q = 2½, (0 − 2½ − 2) / 2½.
  const first = 1 + 0.5 * Math.tanh(-6.5 / 4.5);
  const second = 1 + 0.5 * Math.tanh(-4.5 / 2.5);
  // Without a reference a_w − a_k is −1 and 0.
  const logit = (first * -1 + second * 0) / 2;
  const policy = lists([2], [[3, 0, 2, -1]]);

  expectAllClose(dynamicBetaLoss(policy, noReference(policy), { beta: 1 }).dataSync(), [
    Math.log1p(Math.exp(-logit)),
  ]);
  // β_k passes no gradient: ∂/∂s_k = σ(−logit) β_k / 2.
  const slope = 1 / (1 + Math.exp(logit)) / 2;
  expectAllClose(gradientByRejected(2, [3, 0, 2, -1]), [slope * first, 0, slope * second, 0]);
});

test.each(published.dynamicBeta)('agrees with the published code: $options', (expected) => {
  expectPublished(expected, ({ chosen, rejected, ...reference }, options) =>
    dynamicBetaLoss(
      { chosen: chosen!, rejected: rejected! },
      { chosen: reference.reference_chosen!, rejected: reference.reference_rejected! },
      options,
    ),
  );
});

test.each([
  { rejected: [1], expected: [true] },
  { rejected: [1, 2], expected: [false, true] },
  { rejected: [3, 1, 2], expected: [true, false, false] },
  { rejected: [5, 0, 4.9, 1, 0.2], expected: [true, false, true, false, false] }, // 5 4.9 | 1 | 0.2 0
  { rejected: [1, 1, 1, 1], expected: [true, true, true, true] },
  { rejected: [0, 2, 2, 0, 0], expected: [false, true, true, false, false] },
  { rejected: [9005, 9000, 9004.9, 9001, 9000.2], expected: [true, false, true, false, false] },
])('if the chosen item is ahead of all of $rejected, the top cluster counts', (row) => {
  expect(boundary(Math.max(...row.rejected) + 1, row.rejected)).toEqual(row.expected);
});

test('the top cluster is that of the best 3-means among all partitions', () => {
  const normal = gaussianRandom(seededRandom(5));
  for (let run = 0; run < 100; run++) {
    const rejected = Array.from({ length: 4 + (run % 9) }, () => normal());
    const chosen = Math.max(...rejected) + 1;
    const sorted = [...rejected].sort((a, b) => b - a);
    const spread = (values: readonly number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    };
    let best = { spread: Infinity, bound: Number.NaN };
    for (let first = 1; first < sorted.length - 1; first++) {
      for (let second = first + 1; second < sorted.length; second++) {
        const runs = [sorted.slice(0, first), sorted.slice(first, second), sorted.slice(second)];
        const total = runs.reduce((sum, values) => sum + spread(values), 0);
        if (total < best.spread) best = { spread: total, bound: sorted[first - 1]! };
      }
    }
    expect(boundary(chosen, rejected)).toEqual(rejected.map((value) => value >= best.bound));
  }
});

test.each([1e4, -1e4])('stays finite at a score of %d', (score) => {
  const policy = lists([score], [[0, 1, 2, 3, 4]]);
  const [loss] = dynamicBetaLoss(policy, noReference(policy), { beta: 1 }).dataSync();

  // β between ½ and 1½; all five are at the boundary below, none above.
  expect(loss).toBeGreaterThanOrEqual(score > 0 ? 0 : 0.5e4);
  expect(loss).toBeLessThanOrEqual(score > 0 ? 1e-6 : 1.5e4 + 6);
});

test('rejects a beta or margin that is not above 0', () => {
  const policy = lists([1], [[0, 3]]);

  expect(() => dynamicBetaLoss(policy, policy, { beta: -1 })).toThrow('beta must be a finite');
  expect(() => dynamicBetaLoss(policy, policy, { beta: 1, margin: 0 })).toThrow(
    new RangeError('margin must be a finite number above 0, got 0'),
  );
});
