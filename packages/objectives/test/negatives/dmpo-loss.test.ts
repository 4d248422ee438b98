import { dmpoLoss, noReference } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { expectPublished, published } from '../golden/published.ts';
import { listPoints, lists, referenceLists } from '../lists.ts';
import { describeLoss } from '../loss-contract.ts';

const reference = referenceLists();

describeLoss(
  'dmpoLoss',
  (chosen, rejected) =>
    dmpoLoss({ chosen: chosen!, rejected: rejected! }, reference, { beta: 0.5 }),
  listPoints,
);

test('sets the chosen item against the mean of the others', () => {
  const policy = lists([3], [[0, 1, 5]]);
  const reference = lists([1], [[0, 0, 3]]);
  // Rewards 2 and (0 + 1 + 2) / 3 = 1: softplus(−½ · (2 − 1)).
  expectAllClose(dmpoLoss(policy, reference, { beta: 0.5 }).dataSync(), [
    Math.log1p(Math.exp(-0.5)),
  ]);
});

test.each(published.dmpo)('agrees with the published code: $options', (expected) => {
  expectPublished(expected, ({ chosen, rejected, ...reference }, options) =>
    dmpoLoss(
      { chosen: chosen!, rejected: rejected! },
      { chosen: reference.reference_chosen!, rejected: reference.reference_rejected! },
      options,
    ),
  );
});

test('all rejected items get the same gradient', () => {
  const { chosen, rejected } = lists([0], [[2, 0, -2]]);
  const { gradients } = derivative(
    (r) =>
      tf.sum(dmpoLoss({ chosen, rejected: r! }, noReference({ chosen, rejected }), { beta: 3 })),
    [rejected],
  );

  expectAllClose(gradients[0]!, [0.5, 0.5, 0.5]); // β σ(0) / J = 3 · ½ / 3
});

test.each([1e4, -1e4])('stays finite at a score of %d', (score) => {
  const policy = lists([score], [[0, 0]]);

  expectAllClose(dmpoLoss(policy, noReference(policy), { beta: 1 }).dataSync(), [
    Math.max(0, -score),
  ]);
});

test('rejects shapes that do not fit and a beta that is not above 0', () => {
  const policy = lists([1], [[0, 3]]);

  expect(() => dmpoLoss(policy, lists([1], [[0]]), { beta: 1 })).toThrow(
    'reference.rejected must have shape [1,2], got [1,1]',
  );
  expect(() => dmpoLoss(policy, policy, { beta: 0 })).toThrow(
    'beta must be a finite number above 0, got 0',
  );
});
