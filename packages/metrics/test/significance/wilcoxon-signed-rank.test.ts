import { rankBiserial, type WilcoxonOptions, wilcoxonSignedRank } from '@rodpo/metrics';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import wilcoxon from '@stdlib/stats-wilcoxon';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { significance } from '../golden/scipy-significance.ts';
import { chiSquareOfTenths } from './chi-square-of-tenths.ts';

const zerosOf = (values: readonly number[]) => values.map(() => 0);
const test0 = (differences: readonly number[], options?: WilcoxonOptions) =>
  wilcoxonSignedRank(differences, zerosOf(differences), options);

describe('three differences by hand', () => {
  // Differences 3, -1, 2 have ranks 3, 1, 2: positive 5, negative 1. Of the 8 sign patterns, two
  // reach 5 (all positive: 6; this one), and 7 reach at most 5.
  test.each([
    { alternative: 'greater', statistic: 5, pValue: 2 / 8 },
    { alternative: 'less', statistic: 5, pValue: 7 / 8 },
    { alternative: 'two-sided', statistic: 1, pValue: 4 / 8 },
  ] as const)('$alternative', ({ alternative, statistic, pValue }) => {
    expect(test0([3, -1, 2], { alternative })).toEqual({
      statistic,
      pValue,
      positiveRankSum: 5,
      negativeRankSum: 1,
      zeroCount: 0,
      rankBiserial: 4 / 6,
      method: 'exact',
    });
  });
});

describe('zeros and ties by hand: 0, 2, -2, 5', () => {
  test.each([
    // Ranks 1.5, 1.5, 3 of 2, -2, 5.
    { zeros: 'drop', positive: 4.5, negative: 1.5, share: 3 / 6 },
    // Ranks 1 (the zero), 2.5, 2.5, 4.
    { zeros: 'pratt', positive: 6.5, negative: 2.5, share: 4 / 9 },
    { zeros: 'split', positive: 7, negative: 3, share: 4 / 10 },
  ] as const)('$zeros', ({ zeros, positive, negative, share }) => {
    const differences = [0, 2, -2, 5];
    const actual = test0(differences, { zeros });

    expect(actual.positiveRankSum).toBe(positive);
    expect(actual.negativeRankSum).toBe(negative);
    expect(actual.rankBiserial).toBeCloseTo(share, 15);
    expect(actual.zeroCount).toBe(1);
    expect(rankBiserial(differences, [0, 0, 0, 0], { zeros })).toBe(actual.rankBiserial);
    // Positive 2 and 5; of the 8 sign patterns of three, as many or more: all positive, -2 or 2 off.
    expect(test0(differences, { zeros, alternative: 'greater' }).pValue).toBe(3 / 8);
  });
});

describe.each(significance.pairs)('SciPy: $name', ({ a, b, wilcoxon: rows }) => {
  test.each(rows)('%o', (options, statistic, pValue) => {
    const actual = wilcoxonSignedRank(a, b, options);

    expectAllClose([actual.statistic], [statistic], { relative: 1e-13 });
    expectAllClose([actual.pValue], [pValue], { relative: 1e-10, absolute: 0 });
  });
});

test('the golden cases cover every method, with and without ties', () => {
  const methods = significance.pairs.flatMap(({ a, b, wilcoxon: rows }) =>
    rows.map(([options]) => {
      const { method } = wilcoxonSignedRank(a, b, options);
      const differs = new Set(a.map((value, index) => Math.abs(value - b[index]!)));
      return `${options.method} ${method} ${differs.size < a.length ? 'tied' : 'plain'}`;
    }),
  );

  expect([...new Set(methods)].sort()).toEqual([
    'auto exact plain',
    'auto exact tied',
    'auto normal plain',
    'auto normal tied',
    'exact exact plain',
    'exact exact tied',
    'normal normal plain',
    'normal normal tied',
  ]);
});

const anyDifference = fc.integer({ min: -6, max: 6 }); // ties and zeros are common
const anyDifferences = fc.array(anyDifference, { minLength: 2, maxLength: 60 });
const anyAlternative = fc.constantFrom('two-sided', 'greater', 'less');
const anyZeros = fc.constantFrom('drop', 'pratt', 'split');

test('agrees with stdlib', () => {
  const names = { drop: 'wilcox', pratt: 'pratt', split: 'zsplit' } as const;
  const differences = fc.oneof(
    anyDifferences,
    fc
      .uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 70 })
      .chain((sizes) =>
        fc.infiniteStream(fc.boolean()).map((signs) => {
          return sizes.map((size) => (signs.next().value ? size : -size));
        }),
      ),
  );

  fc.assert(
    fc.property(
      differences.filter((values) => values.some((value) => value !== 0)),
      anyAlternative,
      anyZeros,
      fc.boolean(),
      (values, alternative, zeros, correction) => {
        const plain = new Set(values.map(Math.abs)).size === values.length && !values.includes(0);
        const method = plain && values.length <= 50 ? 'exact' : 'normal';
        const actual = test0(values, {
          alternative,
          zeros,
          method,
          continuityCorrection: correction,
        });
        const expected = wilcoxon(values, zerosOf(values), {
          alternative,
          correction,
          zeroMethod: names[zeros],
        });

        expect(actual.positiveRankSum).toBe(expected.statistic);
        // Its two-sided p-value is not capped at 1, and it takes tails from 1 in double precision.
        expectAllClose([actual.pValue], [Math.min(1, expected.pValue)], { absolute: 1e-9 });
      },
    ),
    { numRuns: 500 },
  );
});

test('exact p-values count all sign patterns, ties and zeros included', () => {
  fc.assert(
    fc.property(
      fc.array(anyDifference, { minLength: 2, maxLength: 9 }),
      anyZeros,
      (values, zeros) => {
        const sum = (pattern: readonly number[]) =>
          test0(pattern, { zeros, method: 'normal' }).positiveRankSum;
        const seen = sum(values);
        const sums = signPatterns(values).map(sum);
        const share = (counts: (value: number) => boolean) =>
          sums.filter(counts).length / sums.length;
        const pValue = (alternative: 'greater' | 'less' | 'two-sided') =>
          test0(values, { zeros, alternative }).pValue;

        const [atLeast, atMost] = [share((own) => own >= seen), share((own) => own <= seen)];
        expect(pValue('greater')).toBeCloseTo(atLeast, 14);
        expect(pValue('less')).toBeCloseTo(atMost, 14);
        expect(pValue('two-sided')).toBeCloseTo(Math.min(1, 2 * atLeast, 2 * atMost), 14);
      },
    ),
    { numRuns: 60 },
  );
});

function signPatterns(values: readonly number[]): number[][] {
  return Array.from({ length: 2 ** values.length }, (_, pattern) =>
    values.map((value, index) => ((pattern >> index) & 1 ? value : -value)),
  );
}

test('swapping a and b mirrors, and only the order of the differences counts', () => {
  fc.assert(
    fc.property(anyDifferences, anyZeros, (values, zeros) => {
      const options = { zeros, alternative: 'greater' } as const;
      const own = test0(values, options);
      const swapped = wilcoxonSignedRank(zerosOf(values), values, { zeros, alternative: 'less' });
      const stretched = test0(
        values.map((value) => value ** 3),
        options,
      );

      expect(swapped.positiveRankSum).toBe(own.negativeRankSum);
      if (!Number.isNaN(own.pValue)) expect(swapped.pValue).toBeCloseTo(own.pValue, 13);
      expect(stretched).toEqual(own);
    }),
  );
});

test('exact and normal agree on 1,000 pairs', () => {
  const gaussian = gaussianRandom(seededRandom(5));
  const values = Array.from({ length: 1000 }, () => gaussian() + 0.1);
  const exact = test0(values, { method: 'exact' });

  expect(exact.method).toBe('exact');
  expect(test0(values).method).toBe('normal');
  expect(exact.pValue).toBeLessThan(0.01);
  expectAllClose([test0(values).pValue], [exact.pValue], { relative: 0.02, absolute: 0 });
});

test('p-values are uniform where nothing differs', () => {
  const gaussian = gaussianRandom(seededRandom(20260802));
  const pValues = Array.from({ length: 3000 }, () => {
    const values = Array.from({ length: 80 }, gaussian);
    return test0(values, { alternative: 'greater' }).pValue;
  });

  expect(chiSquareOfTenths(pValues)).toBeLessThan(27.88); // one chance in 1,000
});

test('a million pairs have the rank sums that a formula gives', () => {
  const count = 1_000_000;
  // Magnitudes 1 to n, negative where even: positive ranks are the odd numbers, which sum to (n/2)².
  const values = Float64Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? index + 1 : -(index + 1),
  );
  const actual = wilcoxonSignedRank(values, new Float64Array(count));

  expect(actual.positiveRankSum).toBe((count / 2) ** 2);
  expect(actual.negativeRankSum).toBe((count / 2) * (count / 2 + 1));
  // z = -(n/4) / √(n³/12) is almost 0.
  expect(actual.pValue).toBeCloseTo(1, 2);
});

describe('no pair differs', () => {
  const values = Array(30).fill(0);

  test.each(['drop', 'pratt', 'split'] as const)('auto answers 1: %s', (zeros) => {
    expect(test0(values, { zeros }).pValue).toBe(1);
    expect(test0(values, { zeros, alternative: 'greater' }).pValue).toBe(1);
  });

  test('normal has nothing to divide by, except with split', () => {
    expect(test0(values, { method: 'normal' }).pValue).toBeNaN();
    expect(test0(values, { method: 'normal', zeros: 'pratt' }).pValue).toBeNaN();
    expect(test0(values, { method: 'normal', zeros: 'split' }).pValue).toBe(1);
  });

  test('the effect size is unknown, or 0 with split', () => {
    expect(test0(values).rankBiserial).toBeNaN();
    expect(rankBiserial(values, values, { zeros: 'split' })).toBe(0);
  });
});

describe('rejects', () => {
  test('an exact test of more than 1,000 pairs', () => {
    const values = Array.from({ length: 1001 }, (_, index) => index + 1);
    expect(() => test0(values, { method: 'exact' })).toThrow(
      new RangeError(
        'the exact test takes at most 1000 pairs, got 1001. ' +
          "Pass method: 'normal', which is accurate for so many.",
      ),
    );
  });

  test('what is not pairs of numbers', () => {
    for (const rejects of [wilcoxonSignedRank, rankBiserial]) {
      expect(() => rejects([1, 2, 3], [1, 2])).toThrow(/got 3 and 2 values/);
      expect(() => rejects([1], [1])).toThrow(/at least 2 pairs, got 1/);
      expect(() => rejects([1, NaN], [1, 2])).toThrow(/^a\[1\] must be a finite number, got NaN/);
    }
  });
});
