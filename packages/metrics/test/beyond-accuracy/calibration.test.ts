import { calibration, type ItemCategories } from '@rodpo/metrics';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beyond } from '../golden/beyond.ts';
import { anyLists, flat } from './lists.ts';

//  item 0: all drama; 1: all comedy; 2: half and half, whatever the scale; 3: no category.
const dense: ItemCategories = { categoryCount: 2, weights: [1, 0, 0, 1, 5, 5, 0, 0] };
const sparse: ItemCategories = {
  categoryCount: 2,
  offsets: [0, 1, 2, 4, 4],
  categories: [0, 1, 0, 1],
};

test.each([{ categories: dense }, { categories: sparse }])('hand-worked: %#', ({ categories }) => {
  // The profile is 3/4 drama, the list all comedy: q̃ = 0.99 · (0, 1) + 0.01 · (3/4, 1/4).
  const missed = 0.75 * Math.log(0.75 / 0.0075) + 0.25 * Math.log(0.25 / 0.9925);
  // Against half and half: q̃ = (0.495 + 0.0075, 0.495 + 0.0025).
  const half = 0.75 * Math.log(0.75 / 0.5025) + 0.25 * Math.log(0.25 / 0.4975);

  expectAllClose(
    calibration(
      [[1], [0, 1], [2, 2], [0, 2]],
      [
        [0, 2],
        [0, 2],
        [2, 0],
        [2, 0],
      ],
      categories,
    ),
    [missed, half, half, 0],
    { relative: 1e-14, absolute: 1e-15 },
  );
});

test('rank weights count each place of the list, not of the profile', () => {
  // Weights 3 and 1 make the list (3/4, 1/4), which is the profile.
  const rankWeights = [3, 1];

  expectAllClose(calibration([[0, 1]], [[0, 2]], dense, { rankWeights }), [0]);
  expect(calibration([[1, 0]], [[0, 2]], dense, { rankWeights })[0]).toBeGreaterThan(0.1);
});

test('weights of sparse entries are shares of their item', () => {
  const weighted = { ...sparse, weights: [7, 0.5, 1, 3] }; // item 2 is 1/4 drama

  expectAllClose(calibration([[2]], [[0, 1, 1, 1]], weighted), [0]);
});

test.each(beyond.calibration.cases)('agrees with SciPy: alpha $alpha, weights %#', (golden) => {
  const { lists, profiles, categoryCount, weights } = beyond.calibration;
  const { alpha, rankWeights, values } = golden;
  const categories = { categoryCount, weights: Float32Array.from(weights) };

  expectAllClose(calibration(lists, profiles, categories, { alpha, rankWeights }), values, {
    relative: 1e-13,
    absolute: 1e-15,
  });
});

/** Item `i` is of categories `i mod 3` and `i mod 4`; small numbers collide often. */
const bothWays = (itemCount: number) => {
  const rows = Array.from({ length: itemCount }, (_, item) => [item % 3, item % 4]);
  const table = new Float32Array(itemCount * 4);
  rows.forEach((row, item) => {
    for (const category of row) table[item * 4 + category]! += 1;
  });
  const offsets = Int32Array.from({ length: itemCount + 1 }, (_, item) => 2 * item);
  return {
    sparse: { categoryCount: 4, offsets, categories: rows.flat() },
    dense: { categoryCount: 4, weights: table },
  };
};

test('is 0 against oneself, else at least 0, the same for both forms and all orders', () => {
  fc.assert(
    fc.property(anyLists, ({ lists, itemCount }) => {
      const { sparse, dense } = bothWays(itemCount);
      const own = lists.filter((list) => list.length > 0);
      const others = own.map((list) => list.map((item) => (item * item + 1) % itemCount));
      const turned = [...own].map((list) => [...list].reverse());
      const values = calibration(own, others, dense);
      const close = { relative: 1e-12, absolute: 1e-14 };

      expectAllClose(
        calibration(own, turned, dense),
        own.map(() => 0),
        close,
      );
      expectAllClose(calibration(own, others, sparse), values, close);
      expectAllClose(calibration(turned, others, sparse), values, close);
      expect(values.every((value) => value >= 0)).toBe(true);
    }),
  );
});

test('rounding does not push it below 0', () => {
  const categories = { categoryCount: 3, offsets: [0, 1, 2, 3], categories: [0, 1, 2] };
  const list = [0, 1, 2, 2, 2]; // at alpha 0.1 the plain sum is −1.3e-16

  expect(calibration([list], [list], categories, { alpha: 0.1 })).toEqual(Float64Array.of(0));
});

test('without categories on either side there is no answer', () => {
  const lists = flat([[0], [3], [], [0], [0]], 2);
  const profiles = flat([[3], [0], [0], [], [0, 3]], 2);

  expect(calibration(lists, profiles, dense)).toEqual(
    Float64Array.of(Number.NaN, Number.NaN, Number.NaN, Number.NaN, 0),
  );
});

test('without mixing, a missed category is infinitely far', () => {
  expect(calibration([[0]], [[2]], dense, { alpha: 0 })).toEqual(
    Float64Array.of(Number.POSITIVE_INFINITY),
  );
});

test('rejects lists and profiles of different numbers of cases', () => {
  expect(() => calibration([[0], [1]], [[0]], dense)).toThrow(
    new RangeError(
      'expected as many lists as profiles, got more than 1 against 1. ' +
        'Pass both for the same cases, in order.',
    ),
  );
  expect(() => calibration([[0]], [[0], [1]], dense)).toThrow('got 1 against more than 1');
});

test.each([-0.1, 1, Number.NaN])('rejects alpha %d', (alpha) => {
  expect(() => calibration([[0]], [[0]], dense, { alpha })).toThrow(
    `alpha must be from 0 and below 1, got ${alpha}`,
  );
});

test('rejects malformed categories and weights', () => {
  const run = (categories: ItemCategories, rankWeights = [1, 1]) =>
    calibration([[0, 1]], [[0, 1]], categories, { rankWeights });

  expect(() => run({ ...dense, weights: [1, 2, 3] })).toThrow('weights to hold whole rows of 2');
  expect(() => run({ ...dense, weights: [1, -1, 0, 1] })).toThrow(
    'expected a category weight of at least 0, got -1',
  );
  expect(() => run({ ...dense, weights: [1, 1] })).toThrow(
    'item must be an integer from 0 to 0, got 1',
  );
  expect(() => run({ ...sparse, categoryCount: 1 })).toThrow(
    'category must be an integer from 0 to 0, got 1',
  );
  expect(() => run({ ...sparse, weights: [1] })).toThrow('expected a weight for each of 4 entries');
  expect(() => run({ ...sparse, offsets: [0, 2, 1] })).toThrow('got 1 after 2 at place 2');
  expect(() => run(dense, [1])).toThrow('rank weight of at least 0 for rank 2, got undefined');
  expect(() => run(dense, [1, -1])).toThrow('rank weight of at least 0 for rank 2, got -1');
});
