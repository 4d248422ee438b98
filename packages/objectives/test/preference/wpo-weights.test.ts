import { wpoWeights } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative, expectTensors } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeLoss } from '../loss-contract.ts';

/** Weights of pairs of one context, from its scores over all items. */
function weightsOf(scores: number[], pairs: [number, number][]): number[] {
  return tf.tidy(() => {
    const z = tf.tensor1d(scores);
    const repeated = (value: tf.Tensor) => tf.fill([pairs.length], value.dataSync()[0]!);
    const pick = (side: 0 | 1) =>
      tf.gather(
        z,
        pairs.map((pair) => pair[side]),
      );
    const weights = wpoWeights(
      { chosen: pick(0), rejected: pick(1) },
      {
        logSumExp: repeated(tf.logSumExp(z)),
        logSumExpOfDouble: repeated(tf.logSumExp(tf.mul(2, z))),
      },
    );
    return [...weights.dataSync()];
  });
}

test('are probabilities over their mean: hand-checked', () => {
  // p = ½, ¼, ¼, so that Σ p² = 3/8, W = 4/3, 2/3, 2/3.
  const logits = [0.5, 0.25, 0.25].map(Math.log);
  const pairs: [number, number][] = [
    [0, 1],
    [1, 2],
    [0, 0],
  ];

  expectAllClose(weightsOf(logits, pairs), [8 / 9, 4 / 9, 16 / 9]);
  // The same from scores, which a constant shifts.
  const shifted = logits.map((value) => value + 7);
  expectAllClose(weightsOf(shifted, pairs), [8 / 9, 4 / 9, 16 / 9]);
});

test('have a mean of 1 over pairs that the policy itself draws', () => {
  const scores = fc.array(fc.double({ min: -6, max: 6, noNaN: true }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(scores, (values) => {
      const pairs = values.flatMap((_, i) => values.map((_, j): [number, number] => [i, j]));
      const sum = values.reduce((total, value) => total + Math.exp(value), 0);
      const p = values.map((value) => Math.exp(value) / sum);
      const weights = weightsOf(values, pairs);

      const mean = pairs.reduce((s, [i, j], index) => s + p[i]! * p[j]! * weights[index]!, 0);
      expectAllClose([mean], [1], { relative: 1e-5, absolute: 0 });
    }),
    { numRuns: 50 },
  );
});

test('are all 1 for a policy that knows nothing', () => {
  expectAllClose(weightsOf([3, 3, 3], [[0, 2]]), [1]);
});

const one = (value: number) => tf.tensor1d([value]);

test('pass no gradient', () => {
  const { gradients } = derivative(
    (z) => {
      const weights = wpoWeights(
        { chosen: z!, rejected: z! },
        { logSumExp: z!, logSumExpOfDouble: tf.mul(2, z!) },
      );
      return tf.sum(tf.mul(weights, z!));
    },
    [one(0.5)],
  );

  // W = e^(2 (z + z − 2z)) = 1, so that d(W z)/dz is W alone.
  expectAllClose(gradients[0]!, [1]);
});

test('leave only the result behind', () => {
  const [pair, zero] = [{ chosen: one(1), rejected: one(2) }, one(0)];

  expectTensors(1, () => wpoWeights(pair, { logSumExp: zero, logSumExpOfDouble: zero }));
});

describeLoss(
  'a loss weighed by wpoWeights',
  (chosen, rejected, normaliser, doubled) =>
    tf.tidy(() => {
      const weights = wpoWeights(
        { chosen: chosen!, rejected: rejected! },
        { logSumExp: normaliser!, logSumExpOfDouble: doubled! },
      );
      return tf.mul(weights, tf.addN([chosen!, rejected!, normaliser!, doubled!]));
    }),
  [
    { shape: [2], data: [0.5, -1] },
    { shape: [2], data: [1, 0.25] },
    { shape: [2], data: [2, 1.5] },
    { shape: [2], data: [2.5, 2] },
  ],
);

test('rejects normalisers of another shape', () => {
  const [pair, two] = [{ chosen: one(1), rejected: one(2) }, tf.ones([2])];

  expect(() => wpoWeights(pair, { logSumExp: one(1), logSumExpOfDouble: two })).toThrow(
    'wpoWeights: Shapes 1 and 2 must match',
  );
});
