import { expectAllClose } from '@rodpo/testing';
import stdlibNormalCdf from '@stdlib/stats-base-dists-normal-cdf';
import stdlibNormalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import stdlibStudentCdf from '@stdlib/stats-base-dists-t-cdf';
import stdlibStudentQuantile from '@stdlib/stats-base-dists-t-quantile';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logGammaHalfStep } from '../../src/significance/distributions/log-gamma-half-step.ts';
import { normalCdf, normalQuantile } from '../../src/significance/distributions/normal.ts';
import { studentCdf, studentQuantile } from '../../src/significance/distributions/student-t.ts';
import { significance } from '../golden/scipy-significance.ts';

/** Only what is relative counts in a tail: no absolute tolerance. */
const closely = { relative: 3e-13, absolute: 0 };

test.each([
  [0.5, -Math.log(Math.PI) / 2], // Γ(1) / Γ(1/2) = 1 / √π
  [1, Math.log(Math.PI / 4) / 2], // Γ(3/2) / Γ(1) = √π / 2
  [2, Math.log((9 / 16) * Math.PI) / 2], // Γ(5/2) / Γ(2) = 3√π / 4
  [20.5, Math.log(2432902008176640000) - Math.log(Math.sqrt(Math.PI)) - gammaTwentyHalves()],
])('ln Γ(%d + 1/2) − ln Γ(same) has its closed form', (value, expected) => {
  expect(logGammaHalfStep(value)).toBeCloseTo(expected, 13);
});

/** ln(Γ(20 + 1/2) / √π): the product of 1/2, 3/2, …, 39/2. */
function gammaTwentyHalves(): number {
  return Array.from({ length: 20 }, (_, index) => Math.log(index + 0.5)).reduce((a, b) => a + b);
}

describe('Student t', () => {
  test('with 1 and 2 degrees of freedom has its closed form', () => {
    for (const t of [0.3, 1, 1.7, 2, 25, 1e6]) {
      const cauchy = Math.atan(1 / t) / Math.PI; // 1/2 − atan(t)/π
      const two = 1 / (2 + t * t + t * Math.sqrt(2 + t * t)); // 1/2 − t / (2√(2 + t²))
      expectAllClose([studentCdf(-t, 1), studentCdf(-t, 2)], [cauchy, two], closely);
    }
  });

  test('agrees with 60 digits of mpmath to 3e-13, down to 1e-300', () => {
    const rows = significance.student;

    expectAllClose(
      rows.map(([freedom, t]) => studentCdf(t, freedom)),
      rows.map(([, , probability]) => probability),
      closely,
    );
    expect(rows.length).toBeGreaterThan(200);
    expect(Math.min(...rows.map(([, , probability]) => probability))).toBeLessThan(1e-200);
  });

  test('quantiles agree with SciPy and lead back', () => {
    const rows = significance.studentQuantiles;
    const quantiles = rows.map(([freedom, p]) => studentQuantile(p, freedom));

    expectAllClose(
      quantiles,
      rows.map(([, , quantile]) => quantile),
      { relative: 1e-11, absolute: 1e-14 },
    );
    expectAllClose(
      rows.map(([freedom], index) => studentCdf(quantiles[index]!, freedom)),
      rows.map(([, p]) => p),
      { relative: 1e-12, absolute: 0 },
    );
  });

  test('agrees with stdlib', () => {
    const freedom = fc.oneof(
      fc.integer({ min: 1, max: 500 }),
      fc.double({ min: 0.5, max: 60, noNaN: true }),
    );

    fc.assert(
      fc.property(freedom, fc.double({ min: -40, max: 40, noNaN: true }), (nu, t) => {
        expectAllClose([studentCdf(t, nu)], [stdlibStudentCdf(t, nu)], { absolute: 1e-12 });
      }),
      { numRuns: 300 },
    );
    for (const p of [0.001, 0.025, 0.3, 0.5, 0.9, 0.9999]) {
      for (const nu of [1, 3, 8, 40, 700]) {
        expect(studentQuantile(p, nu)).toBeCloseTo(stdlibStudentQuantile(p, nu), 8);
      }
    }
  });

  test('rises, is symmetric, and nears the normal with many degrees of freedom', () => {
    const t = fc.double({ min: -30, max: 30, noNaN: true });

    fc.assert(
      fc.property(t, t, fc.integer({ min: 1, max: 1e6 }), (a, b, nu) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(studentCdf(low, nu)).toBeLessThanOrEqual(studentCdf(high, nu) + 1e-15);
        expect(studentCdf(a, nu) + studentCdf(-a, nu)).toBeCloseTo(1, 14);
      }),
    );
    expectAllClose([studentCdf(-4, 1e12)], [normalCdf(-4)], { relative: 1e-9, absolute: 0 });
  });
});

describe('normal', () => {
  test('agrees with 60 digits of mpmath to 3e-13, down to 1e-300', () => {
    const rows = significance.normal;

    expectAllClose(
      rows.map(([z]) => normalCdf(z)),
      rows.map(([, probability]) => probability),
      closely,
    );
    expect(Math.min(...rows.map(([, probability]) => probability))).toBeLessThan(1e-290);
  });

  test('quantiles agree with SciPy', () => {
    expectAllClose(
      significance.normalQuantiles.map(([p]) => normalQuantile(p)),
      significance.normalQuantiles.map(([, quantile]) => quantile),
      { relative: 1e-13, absolute: 1e-15 },
    );
  });

  test('agrees with stdlib', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 8, noNaN: true }), (z) => {
        expectAllClose([normalCdf(z)], [stdlibNormalCdf(z, 0, 1)], { absolute: 1e-15 });
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        // Of its quantiles, six digits are right in the tails.
        expectAllClose([normalQuantile(p)], [stdlibNormalQuantile(p, 0, 1)], { relative: 1e-6 });
      }),
    );
  });
});

test('the ends of the line', () => {
  for (const cdf of [normalCdf, (x: number) => studentCdf(x, 3)]) {
    expect([-Infinity, 0, Infinity].map(cdf)).toEqual([0, 0.5, 1]);
    expect(cdf(NaN)).toBeNaN();
  }
  expect(studentCdf(1, NaN)).toBeNaN(); // a series that waits for NaN to converge never ends
  for (const quantile of [normalQuantile, (p: number) => studentQuantile(p, 3)]) {
    expect(quantile(0)).toBe(-Infinity);
    expect(quantile(1)).toBe(Infinity);
    expect(quantile(0.5)).toBeCloseTo(0, 15);
    for (const p of [-0.1, 1.1, NaN]) expect(quantile(p)).toBeNaN();
  }
});
