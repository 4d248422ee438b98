import { catalogueCoverage, exposureCounts, giniIndex, shannonEntropy } from '@rodpo/metrics';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beyondRecBole } from '../golden/beyond.ts';
import { anyLists, flat } from './lists.ts';

test('hand-worked: counts 3, 1, 0, 0', () => {
  const counts = [3, 0, 1, 0];

  expect(catalogueCoverage(counts)).toBe(0.5);
  // Ascending 0, 0, 1, 3 with weights −3, −1, 1, 3: (1 + 9) / (4 · 4).
  expect(giniIndex(counts)).toBe(0.625);
  // −¾ ln ¾ − ¼ ln ¼
  const entropy = 0.75 * Math.log(4 / 3) + 0.25 * Math.log(4);
  expectAllClose([shannonEntropy(counts)], [entropy]);
  expectAllClose([shannonEntropy(counts, { normalisation: 'maximum' })], [entropy / Math.log(4)]);
  expectAllClose([shannonEntropy(counts, { normalisation: 'shownItems' })], [entropy / 2]);
});

// RecBole rounds to 15 decimals.
const tolerance = { relative: 0, absolute: 2e-15 };

test.each(beyondRecBole.cases)('agrees with RecBole, case %#', (golden) => {
  const itemCount = golden.trainCounts.length; // with RecBole's padding item
  const counts = beyondRecBole.cutoffs.map((cutoff) =>
    exposureCounts(flat(golden.lists, cutoff), itemCount),
  );

  expectAllClose(counts.map(catalogueCoverage), golden.coverage, tolerance);
  expectAllClose(counts.map(giniIndex), golden.gini, tolerance);
  expectAllClose(
    counts.map((own) => shannonEntropy(own, { normalisation: 'shownItems' })),
    golden.entropy,
    tolerance,
  );
});

const someCounts = anyLists
  .filter(({ lists }) => lists.flat().length > 0)
  .map(({ lists, itemCount }) => ({ lists, counts: exposureCounts(lists, itemCount) }));

test('users in another order or items under other numbers change nothing', () => {
  fc.assert(
    fc.property(someCounts, fc.nat(), ({ lists, counts }, shift) => {
      const relabelled = lists
        .map((list) => list.map((item) => (item + shift) % counts.length))
        .reverse();
      const other = exposureCounts(relabelled, counts.length);

      expect(catalogueCoverage(other)).toBe(catalogueCoverage(counts));
      expect(giniIndex(other)).toBe(giniIndex(counts));
      expectAllClose([shannonEntropy(other)], [shannonEntropy(counts)], { absolute: 1e-14 });
    }),
  );
});

test('all stay within their bounds, and showing everything as often again changes nothing', () => {
  fc.assert(
    fc.property(someCounts, ({ counts }) => {
      const doubled = counts.map((count) => 2 * count);
      const evenness = shannonEntropy(counts, { normalisation: 'maximum' });

      expect(catalogueCoverage(counts)).toBeGreaterThan(0);
      expect(catalogueCoverage(counts)).toBeLessThanOrEqual(1);
      expect(giniIndex(counts)).toBeGreaterThanOrEqual(0);
      expect(giniIndex(counts)).toBeLessThanOrEqual(1 - 1 / counts.length + 1e-15);
      expect(evenness).toBeGreaterThanOrEqual(0);
      expect(evenness).toBeLessThanOrEqual(1 + 1e-15);
      expectAllClose([giniIndex(doubled)], [giniIndex(counts)], { absolute: 1e-15 });
      expectAllClose([shannonEntropy(doubled)], [shannonEntropy(counts)], { absolute: 1e-15 });
    }),
  );
});

test.each([2, 7, 1000])('limits: %d items shown equally, or one alone', (itemCount) => {
  const equal = new Float64Array(itemCount).fill(3);
  const single = new Float64Array(itemCount);
  single[itemCount - 1] = 9;

  expect(catalogueCoverage(equal)).toBe(1);
  expect(giniIndex(equal)).toBe(0);
  expectAllClose([shannonEntropy(equal)], [Math.log(itemCount)]);
  expectAllClose([shannonEntropy(equal, { normalisation: 'maximum' })], [1]);
  expect(catalogueCoverage(single)).toBe(1 / itemCount);
  expectAllClose([giniIndex(single)], [1 - 1 / itemCount], { absolute: 1e-15 });
  expect(shannonEntropy(single)).toBeCloseTo(0, 15);
});

test('nothing shown is not a number', () => {
  for (const counts of [[], [0, 0]]) {
    expect(catalogueCoverage(counts)).toBeNaN();
    expect(giniIndex(counts)).toBeNaN();
    expect(shannonEntropy(counts)).toBeNaN();
  }
});

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('rejects a count of %d', (count) => {
  for (const metric of [catalogueCoverage, giniIndex, shannonEntropy]) {
    expect(() => metric([1, count])).toThrow(
      new RangeError(
        `expected a count of at least 0 for item 1, got ${count}. ` +
          'Pass how often each item occurs, indexed by item.',
      ),
    );
  }
});
