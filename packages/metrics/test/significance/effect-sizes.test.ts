import { cohensDz, rankBiserial } from '@rodpo/metrics';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { significance } from '../golden/scipy-significance.ts';

test('four pairs by hand', () => {
  // Differences 1, 2, 3, 2: mean 2, standard deviation √(2/3).
  // Hedges with 3 degrees of freedom: Γ(3/2) / (√(3/2) · Γ(1)) = √π / 2 / √(3/2).
  const [a, b] = [
    [5, 6, 7, 8],
    [4, 4, 4, 6],
  ] as const;
  const plain = 2 / Math.sqrt(2 / 3);

  expect(cohensDz(a, b)).toBeCloseTo(plain, 13);
  expect(cohensDz(a, b, { hedges: true })).toBeCloseTo(plain * Math.sqrt(Math.PI / 6), 13);
});

test.each(significance.pairs)('NumPy and SciPy: $name', ({ a, b, effectSizes }) => {
  expectAllClose(
    [cohensDz(a, b), cohensDz(a, b, { hedges: true }), rankBiserial(a, b)],
    [effectSizes.cohensDz, effectSizes.hedges, effectSizes.rankBiserial],
    { relative: 1e-10, absolute: 1e-12 },
  );
});

test("Hedges' correction takes the bias away", () => {
  // Samples of 5 with true size 0.5. One sigma of the mean of 40,000 is about 0.003.
  const gaussian = gaussianRandom(seededRandom(20260804));
  const zeros = new Float64Array(5);
  let [plain, corrected] = [0, 0];
  for (let trial = 0; trial < 40_000; trial++) {
    const values = Float64Array.from(zeros, () => 0.5 + gaussian());
    plain += cohensDz(values, zeros) / 40_000;
    corrected += cohensDz(values, zeros, { hedges: true }) / 40_000;
  }

  expect(plain).toBeGreaterThan(0.6);
  expect(Math.abs(corrected - 0.5)).toBeLessThan(0.012);
});

test('both change sign with the sides and ignore scale', () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 });

  fc.assert(
    fc.property(
      values.filter((list) => new Set(list).size > 1),
      (list) => {
        const zeros = list.map(() => 0);
        for (const size of [cohensDz, rankBiserial]) {
          expect(size(zeros, list)).toBeCloseTo(-size(list, zeros), 12);
          const scaled = list.map((value) => value * 8);
          expect(size(scaled, zeros)).toBeCloseTo(size(list, zeros), 12);
        }
        expect(Math.abs(rankBiserial(list, zeros))).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test('limits', () => {
  expect(rankBiserial([1, 2, 3], [0, 0, 0])).toBe(1);
  expect(rankBiserial([0, 0, 3], [1, 2, 3])).toBe(-1);
  expect(rankBiserial([1, 2], [1, 2])).toBeNaN();
  expect(cohensDz([1, 2], [1, 2])).toBeNaN();
  expect(cohensDz([1, 2], [0, 1])).toBe(Infinity);
  expect(cohensDz([1, 4], [0, 0], { hedges: true })).toBe(0);
});

test('rejects what is not pairs of numbers', () => {
  expect(() => cohensDz([1, 2, 3], [1, 2])).toThrow(/got 3 and 2 values/);
  expect(() => cohensDz([1], [1])).toThrow(/at least 2 pairs, got 1/);
  expect(() => cohensDz([1, 2], [NaN, 1])).toThrow(/^b\[0\] must be a finite number, got NaN/);
});
