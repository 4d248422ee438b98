import { relativeGain } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('is the difference as a share of the baseline', () => {
  expect(relativeGain(0.06, 0.05)).toBeCloseTo(0.2, 12); // 0.01 / 0.05
  expect(relativeGain(0.04, 0.05)).toBeCloseTo(-0.2, 12);
  expect(relativeGain(0.05, 0.05)).toBe(0);
});

test('undoes itself: baseline · (1 + gain) is the value', () => {
  const metric = fc.double({ min: 1e-3, max: 1, noNaN: true });

  fc.assert(
    fc.property(metric, metric, (value, baseline) => {
      expect(baseline * (1 + relativeGain(value, baseline))).toBeCloseTo(value, 12);
    }),
  );
});

test('passes on what has no answer', () => {
  expect(relativeGain(Number.NaN, 0.05)).toBeNaN();
  expect(relativeGain(0.05, Number.NaN)).toBeNaN();
  expect(relativeGain(0, 0)).toBeNaN();
  expect(relativeGain(0.05, 0)).toBe(Number.POSITIVE_INFINITY);
});
