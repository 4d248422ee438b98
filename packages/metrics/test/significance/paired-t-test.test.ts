import { pairedTTest } from '@rodpo/metrics';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import ttest from '@stdlib/stats-ttest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { significance } from '../golden/scipy-significance.ts';
import { chiSquareOfTenths } from './chi-square-of-tenths.ts';

const closely = { relative: 1e-10, absolute: 1e-13 };

test('four pairs by hand', () => {
  // Differences 1, 2, 3, 2: mean 2, variance (1 + 0 + 1 + 0) / 3, standard error √(2/3) / 2,
  // t = 2 / 0.408248 = √24. The t with 3 degrees of freedom at 0.975 is 3.182446.
  const test4 = pairedTTest([5, 6, 7, 8], [4, 4, 4, 6]);

  expect(test4.statistic).toBeCloseTo(Math.sqrt(24), 12);
  expect(test4.degreesOfFreedom).toBe(3);
  expect(test4.meanDifference).toBe(2);
  expect(test4.standardError).toBeCloseTo(Math.sqrt(1 / 6), 12);
  const margin = 3.182446305284263 * Math.sqrt(1 / 6);
  expectAllClose(test4.confidenceInterval, [2 - margin, 2 + margin], closely);
});

test('greater means that a is greater than b', () => {
  const [more, less] = [
    [0.5, 0.7, 0.6, 0.9],
    [0.4, 0.5, 0.5, 0.6],
  ] as const;

  expect(pairedTTest(more, less, { alternative: 'greater' }).pValue).toBeLessThan(0.05);
  expect(pairedTTest(more, less, { alternative: 'less' }).pValue).toBeGreaterThan(0.95);
  expect(pairedTTest(less, more, { alternative: 'less' }).pValue).toBeLessThan(0.05);
});

describe.each(significance.pairs)('SciPy: $name', ({ a, b, tTests }) => {
  test.each(tTests)('$alternative, $confidence', ({ alternative, confidence, ...expected }) => {
    const actual = pairedTTest(a, b, { alternative, confidence });

    expectAllClose([actual.statistic], [expected.statistic], closely);
    expectAllClose([actual.pValue], [expected.pValue], { relative: 1e-9, absolute: 0 });
    expectAllClose(actual.confidenceInterval, expected.confidenceInterval.map(Number), closely);
    expect(actual.degreesOfFreedom).toBe(expected.degreesOfFreedom);
    expect(actual.confidence).toBe(confidence);
  });
});

const anyValue = fc.integer({ min: -1000, max: 1000 }).map((value) => value / 128);
const anyPairs = fc
  .array(fc.tuple(anyValue, anyValue), { minLength: 2, maxLength: 40 })
  .map((pairs) => [pairs.map(([a]) => a), pairs.map(([, b]) => b)] as const)
  .filter(([a, b]) => a.some((value, index) => value - b[index]! !== a[0]! - b[0]!));
const anyAlternative = fc.constantFrom('two-sided', 'greater', 'less');

test('agrees with stdlib', () => {
  fc.assert(
    fc.property(anyPairs, anyAlternative, ([a, b], alternative) => {
      const actual = pairedTTest(a, b, { alternative, confidence: 0.9 });
      const expected = ttest([...a], [...b], { alternative, alpha: 0.1 });

      expectAllClose([actual.statistic], [expected.statistic], closely);
      expectAllClose([actual.pValue], [expected.pValue], { absolute: 1e-10 });
      expectAllClose(actual.confidenceInterval, expected.ci, { relative: 1e-8 });
    }),
    { numRuns: 300 },
  );
});

test('swapping a and b mirrors, shifting both changes nothing, scaling scales', () => {
  fc.assert(
    fc.property(anyPairs, ([a, b]) => {
      const own = pairedTTest(a, b);
      const swapped = pairedTTest(b, a);
      const plus = (values: readonly number[]) => values.map((value) => value + 64); // exact
      const times = (values: readonly number[]) => values.map((value) => value * 4);
      const [low, high] = own.confidenceInterval;

      expectAllClose([swapped.statistic, swapped.pValue], [-own.statistic, own.pValue], closely);
      expectAllClose(swapped.confidenceInterval, [-high, -low], closely);
      expect(pairedTTest(plus(a), plus(b))).toEqual(own);
      const scaled = pairedTTest(times(a), times(b));
      expect(scaled.pValue).toBe(own.pValue);
      expectAllClose(scaled.confidenceInterval, [4 * low, 4 * high], closely);
    }),
  );
});

test('the interval holds 0 exactly where the test does not reject', () => {
  fc.assert(
    fc.property(anyPairs, anyAlternative, ([a, b], alternative) => {
      const { pValue, confidenceInterval } = pairedTTest(a, b, { alternative, confidence: 0.8 });
      fc.pre(Math.abs(pValue - 0.2) > 1e-9);

      const holdsZero = confidenceInterval[0] <= 0 && confidenceInterval[1] >= 0;
      expect(holdsZero).toBe(pValue > 0.2);
    }),
    { numRuns: 300 },
  );
});

test.each(['two-sided', 'greater', 'less'] as const)(
  'p-values are uniform where nothing differs: %s',
  (alternative) => {
    const gaussian = gaussianRandom(seededRandom(20260801));
    const values = () => Float64Array.from({ length: 8 }, gaussian);
    const pValues = Array.from(
      { length: 4000 },
      () => pairedTTest(values(), values(), { alternative }).pValue,
    );

    expect(chiSquareOfTenths(pValues)).toBeLessThan(27.88); // one chance in 1,000
  },
);

test('differences without spread give what SciPy gives', () => {
  const same = pairedTTest([1, 2, 3], [1, 2, 3]);
  expect([same.statistic, same.pValue]).toEqual([NaN, NaN]);
  expect(same.confidenceInterval).toEqual([0, 0]);

  const shifted = pairedTTest([2, 3, 4], [1, 2, 3], { alternative: 'greater' });
  expect([shifted.statistic, shifted.pValue]).toEqual([Infinity, 0]);
  expect(shifted.confidenceInterval).toEqual([1, Infinity]);
  expect(pairedTTest([2, 3, 4], [1, 2, 3], { alternative: 'less' }).pValue).toBe(1);
  expect(pairedTTest(Array(7).fill(0.1), Array(7).fill(0)).statistic).toBe(Infinity); // 0.1 · 7 rounds
});

test('takes typed arrays and a million pairs', () => {
  const random = seededRandom(3);
  const baseline = Float32Array.from({ length: 1_000_000 }, random);
  const candidate = baseline.map((value) => value + 0.01 * random());

  const { meanDifference, pValue } = pairedTTest(candidate, baseline);
  expect(meanDifference).toBeCloseTo(0.005, 4);
  expect(pValue).toBe(0);
});

describe('rejects', () => {
  test('lengths that differ', () => {
    expect(() => pairedTTest([1, 2, 3], [1, 2])).toThrow(
      new RangeError(
        'a and b must hold one value per pair, got 3 and 2 values. ' +
          'Judge both models on the same cases, in the same order.',
      ),
    );
  });

  test.each([0, 1])('%i pairs', (count) => {
    expect(() => pairedTTest(Array(count).fill(1), Array(count).fill(2))).toThrow(
      new RangeError(
        `expected at least 2 pairs, got ${count}. A single value shows no variation to judge it by.`,
      ),
    );
  });

  test.each([NaN, Infinity, -Infinity])('%d, and says where', (value) => {
    const rest = 'Leave out, on both sides, the cases that a metric cannot judge.';
    expect(() => pairedTTest([1, 2, value], [1, 2, 3])).toThrow(
      new RangeError(`a[2] must be a finite number, got ${value}. ${rest}`),
    );
    expect(() => pairedTTest([1, 2, 3], [1, value, 3])).toThrow(
      new RangeError(`b[1] must be a finite number, got ${value}. ${rest}`),
    );
  });

  test.each([0, 1, 95, -0.5, NaN])('confidence %d', (confidence) => {
    expect(() => pairedTTest([1, 2], [2, 4], { confidence })).toThrow(
      new RangeError(`confidence must lie between 0 and 1, got ${confidence}. Write 95 % as 0.95.`),
    );
  });
});
