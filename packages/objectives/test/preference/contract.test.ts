import { dpoLoss, type PairScores, preferenceLosses, sftLoss } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { describeLoss } from '../loss-contract.ts';
import { divergenceLosses, lossAt, pairLosses } from './losses.ts';

const points = [
  { shape: [5], data: [0.5, -1, 2, 0.25, 3] },
  { shape: [5], data: [1, 0.5, -0.75, 0.3, -2] },
  { shape: [5], data: [0.2, 0.4, 1, -2, 0], isFrozen: true },
  { shape: [5], data: [-0.3, 1.5, 0.6, 0.1, 0.7], isFrozen: true },
];

const ofBothItems = pairLosses.filter(({ name }) => name !== 'sft');

for (const { name, loss } of [...ofBothItems, ...divergenceLosses]) {
  describeLoss(
    name,
    (c, r, rc, rr) => loss()({ chosen: c!, rejected: r! }, { chosen: rc!, rejected: rr! }),
    points,
  );
}

describeLoss('sft', (chosen) => sftLoss({ chosen: chosen!, rejected: chosen! }), [points[0]!]);

describeLoss(
  'dpoLoss of several losses, weighted',
  (c, r, rc, rr, weights, importance) =>
    dpoLoss(
      { chosen: c!, rejected: r! },
      { chosen: rc!, rejected: rr! },
      {
        beta: 0.5,
        loss: [
          { loss: 'sigmoid', weight: 0.8 },
          { loss: 'bco_pair', weight: 0.2 },
          { loss: 'sft' },
        ],
        inputs: 'log-probabilities',
        weights: weights!,
        importance: importance!,
      },
    ),
  [...points, { shape: [5], data: [1, 0, 2, 1, 0.5] }, { shape: [5], data: [0.1, 1, 0.7, 2, 1] }],
);

test.each([...ofBothItems, ...divergenceLosses])(
  '$name: scores that are the reference’s as well are the policy’s to gradients',
  ({ loss }) => {
    const [chosen, rejected] = [tf.tensor1d([0.5, -1, 2]), tf.tensor1d([1, 0.5, -0.75])];
    const by = (reference: PairScores) => (c: tf.Tensor, r: tf.Tensor) =>
      tf.sum(loss()({ chosen: c, rejected: r }, reference));
    const copy = { chosen: tf.add(chosen, 0), rejected: tf.add(rejected, 0) };
    const same = tf.grads(by({ chosen, rejected }))([chosen, rejected]);
    const apart = tf.grads(by(copy))([chosen, rejected]);

    for (const index of [0, 1]) expectAllClose(same[index]!.dataSync(), apart[index]!.dataSync());
  },
);

test('every loss has a function of its own', () => {
  expect(pairLosses.map(({ name }) => name)).toEqual([...preferenceLosses]);
});

test.each(pairLosses)('$name returns one loss per pair', ({ loss }) => {
  const { losses } = lossAt(loss(), { chosen: [1, -2, 3], rejected: [0.5, 0, -1] });

  expect(losses).toHaveLength(3);
});
