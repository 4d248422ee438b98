import {
  averagePopularity,
  caseMean,
  novelty,
  popularityLift,
  tailItems,
  tailShare,
} from '@rodpo/metrics';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { beyond, beyondRecBole } from '../golden/beyond.ts';
import { anyLists, flat } from './lists.ts';

// RecBole rounds to 15 decimals, and averages in another order.
const tolerance = { relative: 1e-15, absolute: 2e-15 };

describe('averagePopularity', () => {
  test('is the mean count of each list', () => {
    expect(averagePopularity([[0, 1], [2], []], [10, 4, 0])).toEqual(
      Float64Array.of(7, 0, Number.NaN),
    );
  });

  test.each(beyondRecBole.cases)('agrees with RecBole, case %#', (golden) => {
    const means = beyondRecBole.cutoffs.map((cutoff) => {
      const lists = flat(golden.lists, cutoff);
      return caseMean(averagePopularity(lists, golden.trainCounts)).mean;
    });

    expectAllClose(means, golden.averagePopularity, tolerance);
  });

  test('items under other numbers change nothing', () => {
    fc.assert(
      fc.property(anyLists, fc.nat(), ({ lists, itemCount }, shift) => {
        const counts = Array.from({ length: itemCount }, (_, item) => item ** 2);
        const moved = (item: number) => (item + shift) % itemCount;
        const movedCounts = [...counts];
        counts.forEach((count, item) => {
          movedCounts[moved(item)] = count;
        });

        const relabelled = lists.map((list) => list.map(moved));
        expect(averagePopularity(relabelled, movedCounts)).toEqual(
          averagePopularity(lists, counts),
        );
      }),
    );
  });
});

describe('tailItems and tailShare', () => {
  //                   item:  0  1  2  3  4
  const trainCounts = [9, 0, 2, 2, 5];

  test.each([
    { options: {}, tail: [0, 0, 1, 0, 0] }, // 10 % of 4 seen items: 0, but at least one
    { options: { share: 0.5 }, tail: [0, 0, 1, 1, 0] }, // 2 of 4
    { options: { share: 0.74 }, tail: [0, 0, 1, 1, 0] }, // 2.96 of 4
    { options: { share: 1 }, tail: [1, 0, 1, 1, 1] },
    { options: { share: 0.4, includeUnseen: true }, tail: [0, 1, 1, 0, 0] }, // 2 of 5
    { options: { maximumCount: 5 }, tail: [0, 0, 1, 1, 1] },
    { options: { maximumCount: 2, includeUnseen: true }, tail: [0, 1, 1, 1, 0] },
    { options: { maximumCount: 0 }, tail: [0, 0, 0, 0, 0] },
  ])('$options of 9, 0, 2, 2, 5', ({ options, tail }) => {
    expect(tailItems(trainCounts, options)).toEqual(Uint8Array.from(tail));
  });

  test('the share counts the places of each list', () => {
    expect(tailShare([[0, 2], [2, 3], [1], []], tailItems(trainCounts, { share: 0.5 }))).toEqual(
      Float64Array.of(0.5, 1, 0, Number.NaN),
    );
  });

  test.each(beyondRecBole.cases)('agree with RecBole, case %#', ({ lists, trainCounts, tail }) => {
    for (const { tailRatio, values } of tail) {
      const isTail = tailItems(
        trainCounts,
        tailRatio > 1 ? { maximumCount: tailRatio } : { share: tailRatio },
      );
      const means = beyondRecBole.cutoffs.map(
        (cutoff) => caseMean(tailShare(flat(lists, cutoff), isTail)).mean,
      );

      expectAllClose(means, values, tolerance);
    }
  });

  test.each([0, -0.1, 1.1, Number.NaN])('reject a share of %d', (share) => {
    expect(() => tailItems(trainCounts, { share })).toThrow(
      new RangeError(
        `share must be above 0 and at most 1, got ${share}. Pass maximumCount to split by a count.`,
      ),
    );
  });

  test('reject other numbers that make no sense', () => {
    for (const maximumCount of [-1, Number.NaN]) {
      expect(() => tailItems(trainCounts, { maximumCount })).toThrow(
        `maximumCount must be at least 0, got ${maximumCount}`,
      );
    }
    expect(() => tailItems([1, -1])).toThrow('expected a count of at least 0 for item 1, got -1');
  });
});

describe('popularityLift', () => {
  test('is the relative change of the mean, group by group', () => {
    // Group 0: profiles 10 and 30, mean 20; recommended 40 and 10, mean 25: +25 %.
    // Group 1: 8 to 4: −50 %.
    expect(popularityLift([40, 4, 10], [10, 8, 30], [0, 1, 0])).toEqual(
      Float64Array.of(0.25, -0.5),
    );
    expect(popularityLift([40, 10], [10, 30])).toEqual(Float64Array.of(0.25));
  });

  test('a case that has no list or no profile is in neither mean', () => {
    expect(popularityLift([6, Number.NaN, 99], [4, 50, Number.NaN])).toEqual(Float64Array.of(0.5));
    expect(popularityLift([6, 7], [4, 4], [1, -1])).toEqual(Float64Array.of(Number.NaN, 0.5));
    expect(popularityLift([], [])).toEqual(new Float64Array(0));
  });

  test('recommending the profiles lifts nothing; the unit of popularity cancels', () => {
    const popularity = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1 });

    fc.assert(
      fc.property(popularity, (values) => {
        const reversed = values.map((value) => 1001 - value);
        const scaled = (own: number[]) => own.map((value) => value / 4096);

        expect(popularityLift(values, values)).toEqual(Float64Array.of(0));
        expect(popularityLift(scaled(reversed), scaled(values))).toEqual(
          popularityLift(reversed, values),
        );
      }),
    );
  });

  test('rejects arrays of different lengths', () => {
    expect(() => popularityLift([1, 2], [1])).toThrow(
      'expected as many profiles as lists, 2, got 1',
    );
  });
});

describe('novelty', () => {
  test('is the mean self-information in bits', () => {
    // p = 1/2, 1/8 and 1: 1, 3 and 0 bits.
    expect(novelty([[0, 1], [2], [0, 1, 2, 0], []], [4, 1, 8], 8)).toEqual(
      Float64Array.of(2, 0, 1.25, Number.NaN),
    );
  });

  test('what nobody has touched is infinitely novel, unless smoothed', () => {
    expect(novelty([[0, 1]], [0, 6], 6)).toEqual(Float64Array.of(Number.POSITIVE_INFINITY));
    // (0 + 1) / (6 + 2) and (6 + 1) / (6 + 2)
    expectAllClose(novelty([[0], [1]], [0, 6], 6, { smoothing: 1 }), [3, Math.log2(8 / 7)]);
  });

  test('agrees with NumPy', () => {
    const { lists, userCounts, userCount, withoutFirst, smoothed } = beyond.novelty;
    const close = { relative: 1e-14, absolute: 1e-15 };

    expectAllClose(novelty(lists.slice(1), userCounts, userCount), withoutFirst, close);
    for (const { smoothing, values } of smoothed) {
      expectAllClose(novelty(lists, userCounts, userCount, { smoothing }), values, close);
    }
  });

  test('rejects counts that are no counts of users, and a negative smoothing', () => {
    for (const count of [9, -1, Number.NaN]) {
      expect(() => novelty([[0]], [count], 8)).toThrow(
        new RangeError(
          `expected from 0 to 8 users for item 0, got ${count}. Count each user once per item.`,
        ),
      );
    }
    for (const smoothing of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => novelty([[0]], [1], 8, { smoothing })).toThrow(
        `smoothing must be at least 0, got ${smoothing}`,
      );
    }
  });
});
