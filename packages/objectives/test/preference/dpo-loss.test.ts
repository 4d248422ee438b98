import { type DpoOptions, dpoLoss, preferenceMargin, weightedMean } from '@rodpo/objectives';
import { expectAllClose } from '@rodpo/testing';
import { derivative, expectTensors } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { golden } from '../golden/losses.ts';

interface Scores {
  readonly chosen: readonly number[];
  readonly rejected: readonly number[];
}

const tensors = ({ chosen, rejected }: Scores) => ({
  chosen: tf.tensor1d([...chosen]),
  rejected: tf.tensor1d([...rejected]),
});

/** The loss and its gradients by the policy's chosen and rejected scores. */
function dpo(policy: Scores, reference: Scores, beta: number, weights?: readonly number[]) {
  return tf.tidy(() => {
    const frozen = tensors(reference);
    const options: DpoOptions = weights ? { beta, weights: tf.tensor1d([...weights]) } : { beta };
    const { chosen, rejected } = tensors(policy);
    return derivative(
      (c, r) => dpoLoss({ chosen: c!, rejected: r! }, frozen, options),
      [chosen, rejected],
    );
  });
}

const marginOf = (policy: Scores, reference: Scores) =>
  tf.tidy(() => preferenceMargin(tensors(policy), tensors(reference)).dataSync());

const zero = { chosen: [0], rejected: [0] };

// Double rounding of float32 inputs to margins: 1e-5 of the value, and 1e-6 near 0.
const tolerance = { relative: 1e-5, absolute: 1e-6 };

describe('dpoLoss', () => {
  test.each(golden.dpo)('agrees with PyTorch: beta $beta, weights $weights', (expected) => {
    const { policy, reference, beta, weights } = expected;
    const { value, gradients } = dpo(policy, reference, beta, weights ?? undefined);

    expectAllClose(marginOf(policy, reference), expected.margin, tolerance);
    expectAllClose([value], [expected.loss], { relative: 1e-5, absolute: 0 });
    expectAllClose(gradients[0]!, expected.gradients.chosen, tolerance);
    expectAllClose(gradients[1]!, expected.gradients.rejected, tolerance);
  });

  test.each([0.1, 0.5, 4])('is log 2 with slope β/2 where nothing is preferred: β %d', (beta) => {
    const { value, gradients } = dpo(zero, zero, beta);

    // −log σ(0) = log 2, and its derivative by the margin is −β σ(0) = −β/2.
    expectAllClose([value], [Math.log(2)]);
    expectAllClose([gradients[0]![0]!, gradients[1]![0]!], [-beta / 2, beta / 2]);
  });

  test.each([1e4, -1e4])('stays finite at a margin of %d', (margin) => {
    const { value, gradients } = dpo({ chosen: [margin], rejected: [0] }, zero, 1);

    // softplus(−x): 0 for a large x, −x for a large −x; the slope is 0 or −1.
    expectAllClose([value], [Math.max(0, -margin)]);
    expectAllClose([...gradients[0]!, ...gradients[1]!], margin > 0 ? [0, 0] : [-1, 1]);
  });

  test('leaves pairs of weight 0 out; equal weights are the mean', () => {
    const policy = { chosen: [1, 2, 30], rejected: [0, 3, -7] };
    const reference = { chosen: [0.5, 0, 9], rejected: [0, 1, 9] };
    const firstTwo = ({ chosen, rejected }: Scores) => ({
      chosen: chosen.slice(0, 2),
      rejected: rejected.slice(0, 2),
    });

    const two = dpo(firstTwo(policy), firstTwo(reference), 0.3);
    const three = dpo(policy, reference, 0.3, [7, 7, 0]);
    expectAllClose([three.value], [two.value]);
    expectAllClose(three.gradients[0]!, [...two.gradients[0]!, 0]);
    expectAllClose(
      [dpo(policy, reference, 0.3, [5, 5, 5]).value],
      [dpo(policy, reference, 0.3).value],
    );
  });

  test('leaves only its result behind', () => {
    const [policy, weights] = [tensors({ chosen: [1, 2], rejected: [0, 3] }), tf.ones([2])];

    expectTensors(1, () => dpoLoss(policy, policy, { beta: 1 }));
    expectTensors(1, () => dpoLoss(policy, policy, { beta: 1, weights }));
    expectTensors(1, () => preferenceMargin(policy, policy));
    expectTensors(1, () => weightedMean(policy.chosen, weights));
    expectTensors(1, () => weightedMean(policy.chosen));
  });

  test('rejects scores or weights of another shape', () => {
    const [two, one] = [tensors({ chosen: [1, 2], rejected: [0, 3] }), tensors(zero)];
    const message = 'DPO: scores: Shapes 2 and 1 must match';

    expect(() => dpoLoss(two, one, { beta: 1 })).toThrow(message);
    expect(() => preferenceMargin({ ...two, rejected: one.rejected }, two)).toThrow(message);
    // Would broadcast to every pair with every weight.
    const weights = tf.ones([2, 1]);
    expect(() => dpoLoss(two, two, { beta: 1, weights })).toThrow(
      'weightedMean: weights: Shapes 2,1 and 2 must match',
    );
  });
});

describe('preferenceMargin', () => {
  // Integers: every margin is exact, so equalities are too.
  const score = fc.integer({ min: -1000, max: 1000 });
  const pairs = fc.array(fc.tuple(score, score, score, score, score), { minLength: 1 });
  const column = <Row extends readonly number[]>(rows: readonly Row[], index: number) =>
    rows.map((row) => row[index]!);
  const swapped = ({ chosen, rejected }: Scores) => ({ chosen: rejected, rejected: chosen });
  const shifted = ({ chosen, rejected }: Scores, by: readonly number[]) => ({
    chosen: chosen.map((value, row) => value + by[row]!),
    rejected: rejected.map((value, row) => value + by[row]!),
  });

  test('ignores what a row adds to both scores; swapping the pair negates it', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const policy = { chosen: column(rows, 0), rejected: column(rows, 1) };
        const reference = { chosen: column(rows, 2), rejected: column(rows, 3) };
        const shift = column(rows, 4);
        const margin = marginOf(policy, reference);

        expect(marginOf(shifted(policy, shift), reference)).toEqual(margin);
        expect(marginOf(policy, shifted(reference, shift))).toEqual(margin);
        expect(marginOf(swapped(policy), swapped(reference))).toEqual(margin.map((m) => 0 - m));
        expect(marginOf(reference, policy)).toEqual(margin.map((m) => 0 - m));
      }),
    );
  });
});

describe('weightedMean', () => {
  test.each([
    { weights: undefined, expected: 4 },
    { weights: [1, 1, 1], expected: 4 },
    { weights: [0, 1, 3], expected: 6.5 }, // (2 + 3 · 8) / 4
    { weights: [0, 0, 0], expected: 0 },
  ])('of [2, 2, 8] by $weights is $expected', ({ weights, expected }) => {
    const mean = weightedMean(tf.tensor1d([2, 2, 8]), weights && tf.tensor1d(weights));

    expect(mean.shape).toEqual([]);
    expect(mean.arraySync()).toBe(expected);
  });

  test('is over all elements', () => {
    const values = tf.tensor2d([1, 2, 3, 4], [2, 2]);

    expect(weightedMean(values, tf.tensor2d([0, 0, 1, 1], [2, 2])).arraySync()).toBe(3.5);
    expect(weightedMean(values).arraySync()).toBe(2.5);
  });

  test('of nothing has a gradient of 0, so that a step without pairs changes nothing', () => {
    const gradient = tf.grad((values) => weightedMean(values, tf.zeros([3])));

    expect(gradient(tf.tensor1d([2, 2, 8])).arraySync()).toEqual([0, 0, 0]);
  });
});
