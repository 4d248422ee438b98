import { expect, test } from 'vitest';
import { pairedTests } from '../../src/compare/paired-tests.ts';

/** Gosset's data of 1908, extra hours of sleep of ten patients by two drugs: t = 4.0621, p = .00283. */
const first = Float64Array.of(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2);
const second = Float64Array.of(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4);

test('Student’s test on the data that he gave', () => {
  const [found] = pairedTests([{ candidate: second, baseline: first }]);

  expect(found!.difference).toBeCloseTo(1.58, 12);
  expect(found!.gain).toBeCloseTo(2.33 / 0.75 - 1, 12);
  expect(found!.pValue).toBeCloseTo(0.002833, 6);
  // R 4: t.test(extra ~ group, data = sleep, paired = TRUE)$conf.int
  expect(found!.interval[0]).toBeCloseTo(0.7001142, 6);
  expect(found!.interval[1]).toBeCloseTo(2.4598858, 6);
});

test('all tests that are passed are one family: Holm multiplies the least p by how many there are', () => {
  const same = { candidate: first, baseline: first };
  const found = pairedTests([same, { candidate: second, baseline: first }, same]);

  expect(found[1]!.adjustedPValue).toBeCloseTo(3 * 0.002833, 5);
});

test('a gain over nothing is no share of it; the test itself stands', () => {
  const [found] = pairedTests([{ candidate: second, baseline: first.map(() => 0) }]);

  expect(found!.gain).toBeNull();
  expect(found!.difference).toBeCloseTo(2.33, 12);
  expect(found!.pValue).toBeLessThan(0.01);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});

test('where nothing differs there is nothing to find', () => {
  const [found] = pairedTests([{ candidate: first, baseline: first }]);

  expect(found).toEqual({
    gain: 0,
    difference: 0,
    interval: [0, 0],
    pValue: 1,
    adjustedPValue: 1,
  });
});
