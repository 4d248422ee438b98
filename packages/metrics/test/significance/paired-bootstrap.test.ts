import { nestedBootstrap, pairedBootstrap, pairedTTest } from '@rodpo/metrics';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { significance } from '../golden/scipy-significance.ts';
import { cycle, normals } from './draws.ts';

/** Park and Miller's generator, as in `scipy-significance.py`. */
function parkMiller(): () => number {
  let state = 20260801;
  return () => {
    state = Number((BigInt(state) * 48271n) % 2147483647n);
    return (state - 1) / 2147483646;
  };
}

describe('pairedBootstrap', () => {
  test('two resamples by hand', () => {
    // Differences 1 and 3, mean 2. The draws pick 1, 1 and then 3, 1: means 1 and 2, whose
    // standard deviation is √½. Positions 0.1 and 0.9 between them: 1.1 and 1.9.
    const estimate = pairedBootstrap([5, 5], [4, 2], {
      random: cycle([0, 0.49, 0.5, 0.1]),
      resamples: 2,
      confidence: 0.8,
      method: 'percentile',
    });

    expect(estimate.meanDifference).toBe(2);
    expect(estimate.standardError).toBeCloseTo(Math.SQRT1_2, 14);
    expectAllClose(estimate.confidenceInterval, [1.1, 1.9], { relative: 1e-13 });
    expect(estimate).toMatchObject({ confidence: 0.8, resamples: 2 });
  });

  const cases = significance.pairs.flatMap(({ name, a, b, bootstrap }) =>
    (bootstrap?.rows ?? []).map((row) => ({
      name,
      a,
      b,
      ...row,
      resamples: bootstrap!.resamples,
    })),
  );

  test.each(cases)(
    'SciPy, from the same resamples: $name, $method, $confidence',
    ({ a, b, resamples, method, confidence, ...expected }) => {
      const options = { random: parkMiller(), resamples, confidence, method };
      const { confidenceInterval, standardError } = pairedBootstrap(a, b, options);

      const closely = { relative: 1e-9, absolute: 1e-10 }; // one golden case adds 1e6 to both sides
      expectAllClose(confidenceInterval, expected.confidenceInterval, closely);
      expectAllClose([standardError], [expected.standardError], closely);
    },
  );

  test('the same seed gives the same bits, another seed others', () => {
    const [a, b] = [normals(1, 50), normals(2, 50)];
    const estimate = (seed: number) => pairedBootstrap(a, b, { random: seededRandom(seed) });

    expect(estimate(5)).toEqual(estimate(5));
    expect(estimate(5).confidenceInterval).not.toEqual(estimate(6).confidenceInterval);
  });

  test('the standard error is the one that resampling has in the limit', () => {
    // With replacement the variance of a mean is Σ(d − mean)² / n², (n − 1) / n of the t test's.
    const [a, b] = [normals(3, 40), normals(4, 40)];
    const { standardError } = pairedBootstrap(a, b, {
      random: seededRandom(1),
      resamples: 40_000,
    });

    // The standard deviation of 40,000 draws is off by 1 / √80,000 = 0.35 %, one sigma.
    const limit = pairedTTest(a, b).standardError * Math.sqrt(39 / 40);
    expect(Math.abs(standardError / limit - 1)).toBeLessThan(0.014);
  });

  test('bca leans towards the long tail, percentile does not know', () => {
    const skewed = Float64Array.from(normals(7, 40), (value) => Math.exp(1.5 * value));
    const ends = (method: 'bca' | 'percentile') =>
      pairedBootstrap(skewed, new Float64Array(40), { random: seededRandom(2), method })
        .confidenceInterval;

    expect(ends('bca')[0]).toBeGreaterThan(ends('percentile')[0]);
    expect(ends('bca')[1]).toBeGreaterThan(ends('percentile')[1]);
  });

  test.each([
    { method: 'percentile', least: 0.87 },
    { method: 'bca', least: 0.87 },
  ] as const)('$method intervals at 90 % hold the truth nearly so often', ({ method, least }) => {
    // With 40 pairs the percentile interval covers about 88.6 %: its width is that of z instead
    // of t, and of n instead of n − 1. One sigma of 1,500 trials is 0.8 %.
    const random = seededRandom(11);
    const gaussian = gaussianRandom(random);
    const zeros = new Float64Array(40);
    let held = 0;
    for (let trial = 0; trial < 1500; trial++) {
      const differences = Float64Array.from(zeros, () => 0.3 + gaussian());
      const options = { random, resamples: 400, confidence: 0.9, method };
      const [low, high] = pairedBootstrap(differences, zeros, options).confidenceInterval;
      if (low <= 0.3 && 0.3 <= high) held++;
    }

    expect(held / 1500).toBeGreaterThan(least - 0.012);
    expect(held / 1500).toBeLessThan(0.912);
  });

  test('shifting a shifts the interval, and a wider one holds a narrower one', () => {
    const anyValues = fc.array(fc.integer({ min: -99, max: 99 }), { minLength: 2, maxLength: 20 });

    fc.assert(
      fc.property(anyValues, fc.constantFrom('percentile', 'bca'), (values, method) => {
        const zeros = values.map(() => 0);
        const ends = (shift: number, confidence: number) =>
          pairedBootstrap(
            values.map((value) => value + shift),
            zeros,
            { random: seededRandom(3), resamples: 200, confidence, method },
          ).confidenceInterval;

        const [low, high] = ends(0, 0.9);
        expectAllClose(ends(64, 0.9), [low + 64, high + 64], { absolute: 1e-9 });
        const [inner, outer] = [ends(0, 0.5), ends(0, 0.99)];
        expect(outer[0]).toBeLessThanOrEqual(low);
        expect(low).toBeLessThanOrEqual(inner[0]);
        expect(inner[1]).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(outer[1]);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['percentile', 'bca'] as const)('without spread both ends are one: %s', (method) => {
    const estimate = pairedBootstrap([0.1, 0.1, 0.1], [0, 0, 0], {
      random: seededRandom(1),
      resamples: 50,
      method,
    });
    expect(estimate.standardError).toBe(0);
    expectAllClose(estimate.confidenceInterval, [0.1, 0.1], { relative: 1e-15, absolute: 1e-16 });
  });

  test('bca has no answer if every resampled mean lies on one side', () => {
    const options = { random: () => 0, resamples: 10 };
    expect(pairedBootstrap([1, 2], [0, 0], options).confidenceInterval).toEqual([NaN, NaN]);
  });
});

describe('both reject', () => {
  const random = seededRandom(1);
  const calls = [
    (options: object) => pairedBootstrap([1, 2], [3, 5], { random, ...options }),
    (options: object) =>
      nestedBootstrap(
        [
          [1, 2],
          [3, 5],
        ],
        { random, ...options },
      ),
  ];

  test.each([0, 1, 2.5, NaN, Infinity])('%d resamples', (resamples) => {
    for (const call of calls) {
      expect(() => call({ resamples })).toThrow(
        new RangeError(
          `resamples must be an integer of at least 2, got ${resamples}. ` +
            '10,000 steady a 95 % interval.',
        ),
      );
    }
  });

  test.each([0, 1, 95, NaN])('confidence %d', (confidence) => {
    for (const call of calls) {
      expect(() => call({ confidence })).toThrow(/^confidence must lie between 0 and 1, got/);
    }
  });

  test('pairs that do not match', () => {
    expect(() => pairedBootstrap([1, 2], [1], { random })).toThrow(/got 2 and 1 values/);
  });
});
