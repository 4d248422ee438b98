import { seededRandom } from '@rodpo/random';
import { excludeNothing, itemLists, PoolTooSmallError, popularity } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { type ContractBatch, excludedItems } from '../any-batch.ts';
import { chiSquareExcess } from '../chi-square.ts';
import { describeNegativeSampler } from '../negative-sampler-contract.ts';
import { expectGolden, golden } from './golden.ts';

/** Powers of two, so that popular items are most of the mass; every fifth item is unseen. */
const skewed = (itemCount: number) =>
  Array.from({ length: itemCount }, (_, item) => (item % 5 === 4 ? 0 : 2 ** (item % 7)));

const seenItems = (batch: ContractBatch, row: number) => {
  const excluded = excludedItems(batch, row);
  return skewed(batch.itemCount).filter((count, item) => count > 0 && !excluded.has(item)).length;
};

describeNegativeSampler('popularity', (itemCount) => popularity({ counts: skewed(itemCount) }), {
  available: seenItems,
});
describeNegativeSampler(
  'popularity with replacement',
  (itemCount) => popularity({ counts: skewed(itemCount), exponent: 1, replacement: true }),
  { available: seenItems, replacement: true },
);
describeNegativeSampler('smoothed popularity', (itemCount) =>
  popularity({ counts: skewed(itemCount), smoothing: 0.5 }),
);

test('weighs items by their counts to the power of three quarters', () => {
  const sampler = popularity({ counts: [16, 81, 1, 0] });
  const batch = { rowCount: 2, excluded: itemLists([[], [1]]) };
  const items = Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3);

  // 16^¾ = 8, 81^¾ = 27, 1 and nothing: 36 together, 9 without item 1.
  expectAllClose(sampler.logProbabilities(batch, items, 4).map(Math.exp), [
    ...[8 / 36, 27 / 36, 1 / 36, 0],
    ...[8 / 9, 0, 1 / 9, 0],
  ]);
});

test.each(golden.popularity)(
  'is the distribution that NumPy computes: exponent $exponent, smoothing $smoothing',
  ({ counts, exponent, smoothing, ...rows }) => {
    expectGolden(popularity({ counts, exponent, smoothing }), rows);
  },
);

test('draws from a large skewed catalogue as the counts say', () => {
  const counts = Array.from(
    { length: 500 },
    (_, item) => 1 + Math.floor(10_000 / (item + 1) ** 1.2),
  );
  const batch = { rowCount: 1, excluded: excludeNothing(1) };
  const sampler = popularity({ counts, exponent: 1, replacement: true });
  const { items } = sampler.sample(batch, 100_000, seededRandom(8));
  const draws = new Array<number>(500).fill(0);
  for (const item of items) draws[item]! += 1;

  const total = counts.reduce((sum, count) => sum + count);
  const shares = counts.map((count) => count / total);
  expect(chiSquareExcess(draws, shares)).toBeLessThan(1);
});

test('draws by the counts of what is left when nearly all of the mass is excluded', () => {
  const sampler = popularity({ counts: [1e9, 1, 2, 3, 4], exponent: 1, replacement: true });
  const batch = { rowCount: 1, excluded: itemLists([[0]]) };
  const { items } = sampler.sample(batch, 10_000, seededRandom(2));
  const draws = [0, 0, 0, 0, 0];
  for (const item of items) draws[item]! += 1;

  expect(chiSquareExcess(draws, [0, 0.1, 0.2, 0.3, 0.4])).toBeLessThan(1);
});

test('keeps the digits of what little mass a row leaves', () => {
  // Item 0 is all but 2e-17 of the mass: total − excluded would be 0.
  const sampler = popularity({ counts: [1e17, 1, 3], exponent: 1 });
  const batch = { rowCount: 1, excluded: itemLists([[0]]) };

  expectAllClose(
    sampler.logProbabilities(batch, Int32Array.of(1, 2), 2).map(Math.exp),
    [0.25, 0.75],
  );
  expect([...sampler.sample(batch, 2, seededRandom(1)).items].sort()).toEqual([1, 2]);
});

test('takes counts as large as numbers are', () => {
  const sampler = popularity({ counts: [Number.MAX_VALUE, Number.MAX_VALUE / 2], exponent: 2 });
  const batch = { rowCount: 1, excluded: excludeNothing(1) };

  expectAllClose(sampler.logProbabilities(batch, Int32Array.of(0, 1), 2).map(Math.exp), [0.8, 0.2]);
});

test('never draws an item that was not seen, whatever the exponent', () => {
  const sampler = popularity({ counts: [3, 0, 1], exponent: 0 });
  const batch = { rowCount: 1, excluded: excludeNothing(1) };

  expect(() => sampler.sample(batch, 3, Math.random)).toThrow(new PoolTooSmallError(2, 3, 0));
});

test.each([
  [{ counts: [1, -1] }, 'counts must be finite numbers from 0, got -1 for item 1'],
  [{ counts: [Number.NaN] }, 'counts must be finite numbers from 0, got NaN for item 0'],
  [{ counts: [0, 0] }, 'counts must have a positive one, got 2 without'],
  [{ counts: [] }, 'counts must have a positive one, got 0 without'],
  [{ counts: [1], exponent: -0.5 }, 'exponent must be a finite number from 0, got -0.5'],
  [{ counts: [1], exponent: Infinity }, 'exponent must be a finite number from 0, got Infinity'],
  [{ counts: [1], smoothing: -1 }, 'smoothing must be a finite number from 0, got -1'],
])('rejects %j', (options, message) => {
  expect(() => popularity(options)).toThrow(new RangeError(message));
});
