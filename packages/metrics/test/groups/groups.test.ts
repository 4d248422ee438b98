import { caseMean, groupMeans, historyLengthGroups, itemPopularityGroups } from '@rodpo/metrics';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beyond } from '../golden/beyond.ts';

const nan = Number.NaN;
const tolerance = { relative: 1e-13, absolute: 0 };

describe('caseMean and groupMeans', () => {
  test('hand-worked: 1, 2, 6 and one case without a value', () => {
    // Mean 3, squares 4 + 1 + 9 = 14, variance 7, standard error √(7 / 3).
    const expected = { mean: 3, standardError: Math.sqrt(7 / 3), count: 3, emptyCount: 1 };

    expect(caseMean([1, nan, 2, 6])).toEqual(expected);
    expect(groupMeans([1, 9, nan, 2, 6], [1, 0, 1, 1, 1])).toEqual([
      { mean: 9, standardError: nan, count: 1, emptyCount: 0 },
      expected,
    ]);
  });

  test('agree with NumPy and SciPy', () => {
    const { values, groups, means, standardErrors, counts, missing } = beyond.groups;
    const found = groupMeans(
      values.map((value) => value ?? nan),
      groups,
    );

    expectAllClose(
      found.map(({ mean }) => mean),
      means,
      tolerance,
    );
    expectAllClose(
      found.map(({ standardError }) => standardError),
      standardErrors,
      tolerance,
    );
    expect(found.map(({ count }) => count)).toEqual(counts);
    expect(found.map(({ emptyCount }) => emptyCount)).toEqual(missing);
  });

  const cases = fc.array(
    fc.record({
      value: fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.constant(nan)),
      group: fc.nat(3),
    }),
    { minLength: 1 },
  );

  test('group means recombine to the overall mean; the order of cases does not matter', () => {
    fc.assert(
      fc.property(cases, (own) => {
        const values = own.map(({ value }) => value);
        const groups = own.map(({ group }) => group);
        const means = groupMeans(values, groups, 4);
        const sum = (of: (mean: (typeof means)[0]) => number) =>
          means.reduce((total, mean) => total + (mean.count > 0 ? of(mean) : 0), 0);
        const overall = caseMean(values);

        expect(sum(({ count }) => count)).toBe(overall.count);
        expect(means.reduce((total, { emptyCount }) => total + emptyCount, 0)).toBe(
          overall.emptyCount,
        );
        const recombined = sum(({ mean, count }) => mean * count) / overall.count;
        if (overall.count > 0) expectAllClose([recombined], [overall.mean]);
        const reversed = groupMeans([...values].reverse(), [...groups].reverse(), 4);
        expect(reversed.map(({ mean }) => mean)).toEqual(means.map(({ mean }) => mean));
      }),
    );
  });

  test('a large offset does not drown the standard error', () => {
    expectAllClose([caseMean([1e9, 1e9 + 1, 1e9 + 2]).standardError], [Math.sqrt(1 / 3)]);
  });

  test('an infinite value is not hidden', () => {
    expect(caseMean([1, Number.POSITIVE_INFINITY, 3]).mean).toBe(Number.POSITIVE_INFINITY);
  });

  test('nobody is not a number; −1 is in no group', () => {
    const nobody = { mean: nan, standardError: nan, count: 0, emptyCount: 0 };

    expect(caseMean([])).toEqual(nobody);
    expect(groupMeans([], [])).toEqual([]);
    expect(groupMeans([5, 7], [-1, 1], 3)).toEqual([
      nobody,
      { ...nobody, mean: 7, count: 1 },
      nobody,
    ]);
  });

  test.each([-2, 0.5, nan, 2])('reject group %d of 2', (group) => {
    expect(() => groupMeans([1, 1], [1, group], 2)).toThrow(
      new RangeError(
        `group must be an integer from −1 to 1, got ${group}. ` +
          'Number groups from 0; −1 leaves a case out.',
      ),
    );
    if (group !== 2) expect(() => groupMeans([1, 1], [1, group])).toThrow('group must be');
  });

  test('reject values without groups', () => {
    expect(() => groupMeans([1, 2], [0])).toThrow('expected a group for each of 2 values, got 1');
  });
});

describe('historyLengthGroups', () => {
  test('a boundary belongs to the group that it opens', () => {
    expect(historyLengthGroups([0, 4, 5, 19, 20, 300], [5, 20])).toEqual(
      Int32Array.of(0, 0, 1, 1, 2, 2),
    );
    expect(historyLengthGroups([0, 9], [])).toEqual(Int32Array.of(0, 0));
  });

  test('rejects boundaries that do not ascend, and negative lengths', () => {
    expect(() => historyLengthGroups([1], [5, 5])).toThrow(
      'expected ascending boundaries, got 5 at place 1',
    );
    expect(() => historyLengthGroups([1], [nan])).toThrow('got NaN at place 0');
    for (const length of [-1, nan]) {
      expect(() => historyLengthGroups([3, length], [2])).toThrow(
        `expected a history length of at least 0 for case 1, got ${length}`,
      );
    }
  });
});

describe('itemPopularityGroups', () => {
  //                   item:  0  1  2   3  4  5
  const trainCounts = [50, 0, 10, 30, 1, 9];

  test.each([
    { options: {}, groups: [2, 0, 1, 2, 1, 1] }, // 50 + 30 are 80 of 100
    { options: { headShare: 0.81 }, groups: [2, 0, 2, 2, 1, 1] },
    { options: { headShare: 0.5 }, groups: [2, 0, 1, 1, 1, 1] },
    { options: { headShare: 1 }, groups: [2, 0, 2, 2, 2, 2] },
    { options: { coldBelow: 10 }, groups: [2, 0, 1, 2, 0, 0] },
    { options: { coldBelow: 31 }, groups: [2, 0, 0, 0, 0, 0] }, // cold goes before head
    { options: { coldBelow: 0 }, groups: [2, 1, 1, 2, 1, 1] },
  ])('$options of 50, 0, 10, 30, 1, 9', ({ options, groups }) => {
    expect(itemPopularityGroups(trainCounts, options)).toEqual(Int32Array.from(groups));
  });

  test('a share that no double is exactly is reached by just as much', () => {
    // 100 · 0.55 is 55.00000000000001.
    expect(itemPopularityGroups([55, 25, 20], { headShare: 0.55 })).toEqual(Int32Array.of(2, 1, 1));
    expect(itemPopularityGroups([14, 36], { headShare: 0.72 })).toEqual(Int32Array.of(1, 2));
  });

  test('the last count of the head brings all its equals', () => {
    expect(itemPopularityGroups([1, 1, 6, 1, 1])).toEqual(Int32Array.of(2, 2, 2, 2, 2));
    expect(itemPopularityGroups([1, 1, 6, 1, 1], { headShare: 0.6 })).toEqual(
      Int32Array.of(1, 1, 2, 1, 1),
    );
  });

  test('the head carries its share, and would not without its least popular items', () => {
    const counts = fc.array(fc.nat(20), { minLength: 1, maxLength: 30 });

    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 8 }), (own, eighths) => {
        const groups = itemPopularityGroups(own, { headShare: eighths / 8 });
        const head = own.filter((_, item) => groups[item] === 2);
        const total = own.reduce((sum, count) => sum + count, 0);
        const carried = head.reduce((sum, count) => sum + count, 0);
        const least = Math.min(...head);
        const others = head.filter((count) => count > least);

        expect(carried * 8).toBeGreaterThanOrEqual(total * eighths);
        if (total > 0) {
          expect(others.reduce((sum, count) => sum + count, 0) * 8).toBeLessThan(total * eighths);
        }
        own.forEach((count, item) => {
          expect(groups[item] === 0).toBe(count === 0);
          if (groups[item] === 1) expect(count).toBeLessThan(least);
        });
      }),
    );
  });

  test('without interactions all is cold', () => {
    expect(itemPopularityGroups([0, 0])).toEqual(Int32Array.of(0, 0));
    expect(itemPopularityGroups([])).toEqual(new Int32Array(0));
  });

  test('rejects what makes no sense', () => {
    for (const headShare of [0, 1.1, nan]) {
      expect(() => itemPopularityGroups([1], { headShare })).toThrow(
        `headShare must be above 0 and at most 1, got ${headShare}`,
      );
    }
    for (const coldBelow of [-1, nan]) {
      expect(() => itemPopularityGroups([1], { coldBelow })).toThrow(
        `coldBelow must be at least 0, got ${coldBelow}`,
      );
    }
    expect(() => itemPopularityGroups([1, -1])).toThrow('count of at least 0 for item 1, got -1');
  });
});
