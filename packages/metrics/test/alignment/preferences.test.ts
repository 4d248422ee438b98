import { chosenDrift, rewardMetrics } from '@rodpo/metrics';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beyond } from '../golden/beyond.ts';

const nan = Number.NaN;
const tolerance = { relative: 1e-13, absolute: 1e-14 };

describe('rewardMetrics', () => {
  test('hand-worked: two rows of one rejected item', () => {
    // Chosen rewards 0.5 · (1, −2), rejected 0.5 · (−1, −2): the second row ties, which is wrong.
    const policy = { chosen: [-4, -7], rejected: [-6, -5] };
    const reference = { chosen: [-5, -5], rejected: [-5, -3] };

    expect(rewardMetrics({ policy, reference }, { beta: 0.5 })).toEqual({
      'rewards/chosen': -0.25,
      'rewards/rejected': -0.75,
      'rewards/accuracies': 0.5,
      'rewards/margins': 0.5,
      'logps/chosen': -5.5,
      'logps/rejected': -5.5,
    });
  });

  test('with several rejected items the chosen must beat them all', () => {
    // Against a reference of 0 a reward is its log-probability. Row 0: −1 beats −2 and −3.
    // Row 1: −2 beats −4 but not −1.
    const policy = { chosen: [-1, -2], rejected: [-2, -3, -4, -1] };
    const reference = { chosen: [0, 0], rejected: [0, 0, 0, 0] };

    expect(rewardMetrics({ policy, reference }, { beta: 1 })).toEqual({
      'rewards/chosen': -1.5,
      'rewards/rejected': -2.5,
      'rewards/accuracies': 0.5,
      'rewards/margins': 1,
      'logps/chosen': -1.5,
      'logps/rejected': -2.5,
    });
  });

  test.each(beyond.rewards)('agrees with TRL in NumPy, beta $beta', (golden) => {
    const { policy, reference, beta, metrics } = golden;
    const found = rewardMetrics({ policy, reference }, { beta });

    expect(Object.keys(found)).toEqual(Object.keys(metrics));
    expectAllClose(Object.values(found), Object.values(metrics), tolerance);
  });

  const score = fc.integer({ min: -50, max: 0 });
  const rows = fc.array(fc.tuple(score, score, score, score, score), { minLength: 1 });

  test('a policy equal to its reference has no reward and no accuracy', () => {
    fc.assert(
      fc.property(rows, (own) => {
        const policy = { chosen: own.map((row) => row[0]), rejected: own.map((row) => row[1]) };
        const found = rewardMetrics({ policy, reference: policy }, { beta: 0.1 });

        expect(found).toMatchObject({ 'rewards/accuracies': 0, 'rewards/margins': 0 });
      }),
    );
  });

  test('swapping the sides negates the margin; the accuracies and ties make 1', () => {
    fc.assert(
      fc.property(rows, (own) => {
        const column = (index: 0 | 1 | 2 | 3) => own.map((row) => row[index]);
        const [policy, reference] = [
          { chosen: column(0), rejected: column(1) },
          { chosen: column(2), rejected: column(3) },
        ];
        const swap = (side: typeof policy) => ({ chosen: side.rejected, rejected: side.chosen });
        const found = rewardMetrics({ policy, reference }, { beta: 0.25 });
        const swapped = rewardMetrics(
          { policy: swap(policy), reference: swap(reference) },
          { beta: 0.25 },
        );
        const ties = own.filter(([a, b, c, d]) => a - c === b - d).length / own.length;

        expectAllClose([swapped['rewards/margins']], [-found['rewards/margins']]);
        expectAllClose([found['rewards/accuracies'] + swapped['rewards/accuracies'] + ties], [1]);
      }),
    );
  });

  test('nobody is not a number', () => {
    const none = { chosen: [], rejected: [] };

    for (const value of Object.values(
      rewardMetrics({ policy: none, reference: none }, { beta: 1 }),
    )) {
      expect(value).toBeNaN();
    }
  });

  test('rejects scores that do not fit', () => {
    const one = { chosen: [0], rejected: [0] };
    const two = { chosen: [0, 0], rejected: [0, 0] };
    const run = (policy: typeof one, reference: typeof one, beta = 1) =>
      rewardMetrics({ policy, reference }, { beta });

    expect(() => run(two, one)).toThrow('as many chosen scores in both, got 2 and 1');
    expect(() => run({ ...two, chosen: [0] }, one)).toThrow(
      'as many rejected scores in both, got 2 and 1',
    );
    const uneven = { ...two, rejected: [0, 0, 0] };
    expect(() => run(uneven, uneven)).toThrow(
      'a whole number of rejected scores for each of 2 rows, got 3',
    );
    const missing = { ...two, rejected: [] };
    expect(() => run(missing, missing)).toThrow('for each of 2 rows, got 0');
    const orphans = { ...two, chosen: [] };
    expect(() => run(orphans, orphans)).toThrow('for each of 0 rows, got 2');
    for (const beta of [0, -1, nan, Number.POSITIVE_INFINITY]) {
      expect(() => run(one, one, beta)).toThrow(`beta must be above 0, got ${beta}`);
    }
  });
});

describe('chosenDrift', () => {
  test('hand-worked: displacement', () => {
    // Chosen −2, −4, 0: mean −2, squares 0 + 4 + 4, standard error √(4 / 3); two of three fell.
    // Rejected −9, −9, −3: the margin grows all the same.
    const before = { chosen: [-1, -1, -1], rejected: [-1, -2, -3] };
    const after = { chosen: [-3, -5, -1], rejected: [-10, -11, -6] };

    expect(chosenDrift(before, after)).toEqual({
      chosen: {
        mean: -2,
        standardError: Math.sqrt(4 / 3),
        fellShare: 2 / 3,
        count: 3,
        emptyCount: 0,
      },
      rejected: { mean: -7, standardError: 2, fellShare: 1, count: 3, emptyCount: 0 },
    });
  });

  test.each(beyond.rewards)('agrees with NumPy and SciPy, beta $beta', (golden) => {
    const found = chosenDrift(golden.reference, golden.policy);

    for (const side of ['chosen', 'rejected'] as const) {
      const { mean, standardError, fellShare } = golden.drift[side];
      expectAllClose(
        [found[side]!.mean, found[side]!.standardError, found[side]!.fellShare],
        [mean, standardError, fellShare],
        tolerance,
      );
    }
  });

  test('leaves out what it was not given, and counts apart what has no change', () => {
    const before = { chosen: [Number.NEGATIVE_INFINITY, -1] };
    const after = { chosen: [Number.NEGATIVE_INFINITY, -2] };

    expect(chosenDrift(before, after)).toEqual({
      chosen: { mean: -1, standardError: nan, fellShare: 1, count: 1, emptyCount: 1 },
    });
    expect(chosenDrift({ chosen: [] }, { chosen: [] }).chosen).toEqual({
      mean: nan,
      standardError: nan,
      fellShare: nan,
      count: 0,
      emptyCount: 0,
    });
  });

  test('a rejected item of −∞ is left out, as in the rewards', () => {
    const masked = Number.NEGATIVE_INFINITY;
    const before = { chosen: [-1, -1, -1], rejected: [-1, masked, -2, -4, masked, -3] };
    const after = { chosen: [-1, -1, -1], rejected: [-3, masked, -4, -8, -1, masked] };

    // Row 0 by its first item alone, row 1 by the mean of both, row 2 by none.
    expect(chosenDrift(before, after).rejected).toEqual({
      ...{ mean: -2.5, standardError: 0.5, fellShare: 1, count: 2, emptyCount: 1 },
    });
  });

  test('rejects scores that do not fit', () => {
    expect(() => chosenDrift({ chosen: [0] }, { chosen: [0, 0] })).toThrow(
      new RangeError(
        'expected as many chosen scores in both, got 1 and 2. ' +
          'Score the same preferences with both models.',
      ),
    );
    expect(() => chosenDrift({ chosen: [0], rejected: [0] }, { chosen: [0] })).toThrow(
      'as many rejected scores in both, got 1 and 0',
    );
    const uneven = { chosen: [0, 0], rejected: [0, 0, 0] };
    expect(() => chosenDrift(uneven, uneven)).toThrow('for each of 2 rows, got 3');
  });
});
