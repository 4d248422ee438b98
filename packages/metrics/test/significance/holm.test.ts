import { holm } from '@rodpo/metrics';
import { seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import padjust from '@stdlib/stats-padjust';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { significance } from '../golden/scipy-significance.ts';

test('four tests by hand', () => {
  // Ascending 0.005·4, 0.01·3, 0.03·2, then 0.04·1 raised to the 0.06 before it.
  expectAllClose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02], { relative: 1e-14 });
});

test.each(significance.holm)('statsmodels: $pValues', ({ pValues, adjusted }) => {
  expectAllClose(holm(pValues), adjusted, { relative: 1e-13, absolute: 0 });
});

const anyPValue = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, 0.01, 0.02, 1),
);
const anyPValues = fc.array(anyPValue, { maxLength: 30 });

test('agrees with stdlib', () => {
  fc.assert(
    fc.property(fc.array(anyPValue, { minLength: 1, maxLength: 30 }), (pValues) =>
      expectAllClose(holm(pValues), padjust(pValues, 'holm'), { absolute: 1e-15 }),
    ),
  );
});

test('never lowers a p-value nor changes their order, and follows a permutation', () => {
  fc.assert(
    fc.property(anyPValues, (pValues) => {
      const adjusted = holm(pValues);

      pValues.forEach((own, index) => {
        expect(adjusted[index]).toBeGreaterThanOrEqual(own);
        expect(adjusted[index]).toBeLessThanOrEqual(1);
        pValues.forEach((other, position) => {
          if (own <= other) expect(adjusted[index]).toBeLessThanOrEqual(adjusted[position]!);
        });
      });
      expect(holm([...pValues].reverse())).toEqual(adjusted.toReversed());
    }),
  );
});

test('rejects a true null hypothesis as rarely as promised', () => {
  // Six true ones: at 0.1 any is rejected with chance 1 − (1 − 0.1/6)^6 = 9.6 %. One sigma is 0.5 %.
  const random = seededRandom(20260803);
  let rejected = 0;
  for (let trial = 0; trial < 4000; trial++) {
    const pValues = Array.from({ length: 6 }, random);
    if (holm(pValues).some((pValue) => pValue <= 0.1)) rejected++;
  }

  expect(rejected / 4000).toBeGreaterThan(0.08);
  expect(rejected / 4000).toBeLessThan(0.11);
});

test('NaN stays and counts as a test', () => {
  // As [0.01, 1, 0.04]: 0.01·3, 0.04·2.
  expectAllClose(Array.from(holm([0.01, NaN, 0.04])).filter(Number.isFinite), [0.03, 0.08], {
    relative: 1e-14,
  });
  expect(holm([0.01, NaN])[1]).toBeNaN();
  expect(holm([NaN])).toEqual(Float64Array.of(NaN));
  expect(holm([])).toEqual(new Float64Array(0));
});

test.each([-0.01, 1.01, Infinity])('rejects %d', (pValue) => {
  expect(() => holm([0.5, pValue])).toThrow(
    new RangeError(
      `pValues[1] must lie between 0 and 1, got ${pValue}. Pass p-values, not statistics.`,
    ),
  );
});
