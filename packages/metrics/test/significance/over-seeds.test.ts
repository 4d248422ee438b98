import { overSeeds, pairedTTest } from '@rodpo/metrics';
import { expectAllClose } from '@rodpo/testing';
import { describe, expect, test } from 'vitest';
import { significance } from '../golden/scipy-significance.ts';

const closely = { relative: 1e-12, absolute: 0 };

test('three seeds by hand', () => {
  // 1, 2, 3: mean 2, standard deviation 1, error 1/√3. With 2 degrees of freedom t is
  // (2p − 1) / √(2p(1 − p)): at p = 0.975 that is 0.95 / √0.04875 = 4.302653.
  const { seedCount, mean, standardDeviation, standardError, confidenceInterval } = overSeeds([
    1, 2, 3,
  ]);

  expect([seedCount, mean, standardDeviation]).toEqual([3, 2, 1]);
  expect(standardError).toBeCloseTo(1 / Math.sqrt(3), 15);
  const margin = 0.95 / Math.sqrt(0.04875 * 3);
  expectAllClose(confidenceInterval, [2 - margin, 2 + margin], closely);
});

describe('SciPy', () => {
  const { values, intervals, ...expected } = significance.overSeeds;

  test.each(intervals)('interval at $confidence', ({ confidence, interval }) => {
    const actual = overSeeds(values, { confidence });

    expectAllClose(
      [actual.mean, actual.standardDeviation, actual.standardError],
      [expected.mean, expected.standardDeviation, expected.standardError],
      closely,
    );
    expectAllClose(actual.confidenceInterval, interval, closely);
    expect(actual.confidence).toBe(confidence);
  });
});

test('of differences it is the interval of the paired t test', () => {
  const [a, b] = [
    [0.5, 0.75, 1, 0.25],
    [0.25, 0.5, 0.5, 0.25],
  ] as const;
  const differences = a.map((value, seed) => value - b[seed]!);

  expect(overSeeds(differences).confidenceInterval).toEqual(pairedTTest(a, b).confidenceInterval);
});

test('seeds that all agree have no spread', () => {
  expect(overSeeds(Array(3).fill(0.1))).toMatchObject({
    mean: 0.1,
    standardError: 0,
    confidenceInterval: [0.1, 0.1],
  });
});

test('rejects one seed, what is not a number, and a bad confidence', () => {
  expect(() => overSeeds([0.1])).toThrow(
    new RangeError(
      'expected at least 2 seeds, got 1. A single value shows no variation to judge it by.',
    ),
  );
  expect(() => overSeeds([0.1, NaN])).toThrow(/^values\[1\] must be a finite number, got NaN/);
  expect(() => overSeeds([0.1, 0.2], { confidence: 95 })).toThrow(/Write 95 % as 0\.95\./);
});
