import { seededRandom } from '@rodpo/random';
import { excludeNothing, itemLists, uniform } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import { expect, test } from 'vitest';
import { describeNegativeSampler } from '../negative-sampler-contract.ts';

describeNegativeSampler('uniform', (itemCount) => uniform({ itemCount }));
describeNegativeSampler(
  'uniform with replacement',
  (itemCount) => uniform({ itemCount, replacement: true }),
  { replacement: true },
);

test('gives each item left the same probability', () => {
  const batch = { rowCount: 2, excluded: itemLists([[0, 2, 2, -1, 9], []]) };
  const sampler = uniform({ itemCount: 5 });

  // Row 0 leaves items 1, 3 and 4, row 1 all five.
  expectAllClose(sampler.logProbabilities(batch, Int32Array.of(1, 2, 4, 2), 2), [
    -Math.log(3),
    -Infinity,
    -Math.log(5),
    -Math.log(5),
  ]);
});

test('draws every order of three items equally often', () => {
  const batch = { rowCount: 1, excluded: excludeNothing(1) };
  const sampler = uniform({ itemCount: 3 });
  const random = seededRandom(42);
  const drawsPerOrder = new Map<string, number>();
  for (let draw = 0; draw < 12_000; draw++) {
    const order = sampler.sample(batch, 3, random).items.join();
    drawsPerOrder.set(order, (drawsPerOrder.get(order) ?? 0) + 1);
  }

  expect(drawsPerOrder.size).toBe(6);
  // Binomial: mean 2000, standard deviation √(12 000 · 1/6 · 5/6) = 41; 4 of those allowed.
  for (const draws of drawsPerOrder.values()) expect(Math.abs(draws - 2000)).toBeLessThan(164);
});

test('takes one uniform number per draw where nothing is excluded', () => {
  let calls = 0;
  const random = () => (calls++ % 10) / 10;
  const { items } = uniform({ itemCount: 10 }).sample(
    { rowCount: 2, excluded: excludeNothing(2) },
    5,
    random,
  );

  expect(items).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  expect(calls).toBe(10);
});

test('ends even with a generator that always says the same', () => {
  const batch = { rowCount: 1, excluded: itemLists([[0, 1]]) };
  const sampler = uniform({ itemCount: 5 });

  expect(sampler.sample(batch, 3, () => 0).items).toEqual(Int32Array.of(2, 3, 4));
  expect(sampler.sample(batch, 3, () => 0.999).items).toEqual(Int32Array.of(4, 3, 2));
});

test('finds the few items that a large catalogue leaves, equally often', () => {
  const itemCount = 100_000;
  const all = Int32Array.from({ length: itemCount }, (_, item) => item);
  const excluded = itemLists([all.filter((item) => item % 25_000 !== 7)]);
  const sampler = uniform({ itemCount });
  const random = seededRandom(3);
  const draws = [0, 0, 0, 0];
  for (let draw = 0; draw < 400; draw++) {
    const { items } = sampler.sample({ rowCount: 1, excluded }, 1, random);
    draws[(items[0]! - 7) / 25_000]! += 1;
  }

  // Binomial: mean 100, standard deviation √(400 · 1/4 · 3/4) = 8.7; 4 of those allowed.
  for (const count of draws) expect(Math.abs(count - 100)).toBeLessThan(35);
});

test.each([0, -1, 1.5, Number.NaN])('rejects itemCount %d', (itemCount) => {
  expect(() => uniform({ itemCount })).toThrow(
    new RangeError(`itemCount must be a positive integer, got ${itemCount}`),
  );
});

test('rejects scores of another number of items', () => {
  const batch = { rowCount: 1, excluded: excludeNothing(1), scores: new Float32Array(4) };

  expect(() => uniform({ itemCount: 5 }).sample(batch, 1, Math.random)).toThrow(
    new RangeError('scores must have one element for 5 items in each of 1 rows, got 4'),
  );
});
