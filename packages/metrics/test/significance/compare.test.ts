import {
  cohensDz,
  compareAll,
  comparePaired,
  holm,
  pairedBootstrap,
  pairedTTest,
  wilcoxonSignedRank,
} from '@rodpo/metrics';
import { seededRandom } from '@rodpo/random';
import { describe, expect, test } from 'vitest';
import { significance } from '../golden/scipy-significance.ts';

const baseline = [0.25, 0.5, 0, 1, 0.5, 0.25];
const candidate = [0.5, 0.5, 0.25, 0.5, 1, 0.75];

describe('comparePaired', () => {
  test('counts and means by hand, candidate minus baseline', () => {
    // Sums 2.5 and 3.5; differences 0.25, 0, 0.25, -0.5, 0.5, 0.5.
    const comparison = comparePaired(baseline, candidate, { random: seededRandom(1) });

    expect(comparison).toMatchObject({ pairCount: 6, wins: 4, ties: 1, losses: 1 });
    expect(comparison.baselineMean).toBeCloseTo(2.5 / 6, 15);
    expect(comparison.candidateMean).toBeCloseTo(3.5 / 6, 15);
    expect(comparison.meanDifference).toBeCloseTo(1 / 6, 15);
    expect(comparison.relativeGain).toBeCloseTo(0.4, 14);
    // Sizes 0.25, 0.25, 0.5, 0.5, 0.5 have ranks 1.5, 1.5, 4, 4, 4, of which one 4 is negative.
    expect(comparison.effectSizes.rankBiserial).toBeCloseTo((11 - 4) / 15, 15);
  });

  test('is the single functions with candidate as a and baseline as b', () => {
    const comparison = comparePaired(baseline, candidate, {
      random: seededRandom(7),
      alternative: 'greater',
      confidence: 0.9,
      resamples: 500,
      interval: 'percentile',
      zeros: 'pratt',
    });

    const tested = { alternative: 'greater', confidence: 0.9 } as const;
    expect(comparison.tTest).toEqual(pairedTTest(candidate, baseline, tested));
    expect(comparison.wilcoxon).toEqual(
      wilcoxonSignedRank(candidate, baseline, { alternative: 'greater', zeros: 'pratt' }),
    );
    expect(comparison.bootstrap).toEqual(
      pairedBootstrap(candidate, baseline, {
        random: seededRandom(7),
        resamples: 500,
        confidence: 0.9,
        method: 'percentile',
      }),
    );
    expect(comparison.effectSizes.cohensDz).toBe(cohensDz(candidate, baseline));
  });

  test('has the defaults of the single functions', () => {
    const comparison = comparePaired(baseline, candidate, { random: seededRandom(7) });

    expect(comparison.tTest).toEqual(pairedTTest(candidate, baseline));
    expect(comparison.wilcoxon).toEqual(wilcoxonSignedRank(candidate, baseline));
    expect(comparison.bootstrap).toEqual(
      pairedBootstrap(candidate, baseline, { random: seededRandom(7) }),
    );
  });

  test('greater finds a better candidate, and less does not', () => {
    const better = baseline.map((value, index) => value + 0.1 + 0.01 * index);
    const pValue = (alternative: 'greater' | 'less') =>
      comparePaired(baseline, better, { random: seededRandom(1), alternative }).tTest.pValue;

    expect(pValue('greater')).toBeLessThan(0.001);
    expect(pValue('less')).toBeGreaterThan(0.999);
  });

  test.each(significance.pairs)(
    'counts wins and losses as NumPy: $name',
    ({ a, b, effectSizes }) => {
      const options = { random: seededRandom(1), resamples: 2 };
      const { wins, ties, losses } = comparePaired(b, a, options);

      expect([wins, losses]).toEqual(effectSizes.winsAndLosses);
      expect(wins + ties + losses).toBe(a.length);
    },
  );

  test('a model compared with itself is neither better nor worse', () => {
    const comparison = comparePaired(baseline, baseline, { random: seededRandom(1) });

    expect(comparison).toMatchObject({ meanDifference: 0, wins: 0, ties: 6, losses: 0 });
    expect(comparison.wilcoxon.pValue).toBe(1);
    expect(comparison.tTest.pValue).toBeNaN();
    expect(comparison.bootstrap.confidenceInterval).toEqual([0, 0]);
  });

  test('rejects lists that do not match', () => {
    const options = { random: seededRandom(1) };
    expect(() => comparePaired(baseline, [1, 2], options)).toThrow(RangeError);
    expect(() => comparePaired(baseline, [...candidate.slice(1), NaN], options)).toThrow(
      /\[5\] must be a finite number, got NaN/,
    );
  });
});

describe('compareAll', () => {
  const candidates = {
    better: baseline.map((value, index) => value + 0.1 + 0.01 * index),
    other: candidate,
    same: baseline,
  };

  test('is comparePaired of each, drawing in turn', () => {
    const all = compareAll(baseline, candidates, { random: seededRandom(3) });

    const random = seededRandom(3);
    for (const name of ['better', 'other', 'same'] as const) {
      const { adjustedPValues: _, ...comparison } = all[name];
      expect(comparison).toEqual(comparePaired(baseline, candidates[name], { random }));
    }
  });

  test('adjusts over the candidates, within each test', () => {
    const all = compareAll(baseline, candidates, { random: seededRandom(3) });
    const names = ['better', 'other', 'same'] as const;

    for (const kind of ['tTest', 'wilcoxon'] as const) {
      const adjusted = holm(names.map((name) => all[name][kind].pValue));
      expect(names.map((name) => all[name].adjustedPValues[kind])).toEqual([...adjusted]);
    }
    expect(all.better.adjustedPValues.tTest).toBeCloseTo(3 * all.better.tTest.pValue, 15);
    expect(all.same.adjustedPValues.tTest).toBeNaN();
  });

  test('of nobody is nothing', () => {
    expect(compareAll(baseline, {}, { random: seededRandom(1) })).toEqual({});
  });
});
