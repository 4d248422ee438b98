import { seededRandom } from '@rodpo/random';
import { type NegativeSampler, PoolTooSmallError, topKPool } from '@rodpo/samplers';
import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import { anyQuery, describeNegativeSampler } from './negative-sampler-contract.ts';

const wholeCatalogue = topKPool({ poolSize: 50 });
describeNegativeSampler('topKPool', wholeCatalogue);

test('draws only from the best-scored items that are not excluded', () => {
  //                          item:  0    1    2    3    4
  const scores = Float32Array.from([0.9, 0.1, 0.8, 0.7, 0.2]);
  const excluded = new Set([0]);
  const sample = topKPool({ poolSize: 2 });

  expect(sample({ scores, excluded }, 2, seededRandom(1)).sort()).toEqual(Int32Array.of(2, 3));
});

test('a pool of one is the hardest item, ties to the lower index', () => {
  const scores = Float32Array.of(0, 3, 3, 1);
  const hardest = topKPool({ poolSize: 1 });

  expect(hardest({ scores, excluded: new Set() }, 1, Math.random)).toEqual(Int32Array.of(1));
  expect(hardest({ scores, excluded: new Set([1]) }, 1, Math.random)).toEqual(Int32Array.of(2));
});

test('agrees with sorting the whole catalogue', () => {
  fc.assert(
    fc.property(anyQuery, fc.integer({ min: 1, max: 60 }), (query, poolSize) => {
      const best = [...query.scores.keys()]
        .filter((item) => !query.excluded.has(item))
        .sort((a, b) => query.scores[b]! - query.scores[a]! || a - b)
        .slice(0, poolSize);

      const drawn = topKPool({ poolSize })(query, best.length, seededRandom(7));

      expect([...drawn].sort((a, b) => a - b)).toEqual(best.sort((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});

test('draws every order equally often', () => {
  const query = { scores: new Float32Array(3), excluded: new Set<number>() };
  const random = seededRandom(42);
  const drawsPerOrder = new Map<string, number>();
  for (let draw = 0; draw < 12_000; draw++) {
    const order = wholeCatalogue(query, 3, random).join();
    drawsPerOrder.set(order, (drawsPerOrder.get(order) ?? 0) + 1);
  }

  expect(drawsPerOrder.size).toBe(6);
  // Binomial: mean 2000, standard deviation √(12 000 · 1/6 · 5/6) = 41; 4 of those allowed.
  for (const draws of drawsPerOrder.values()) expect(Math.abs(draws - 2000)).toBeLessThan(164);
});

test('refuses a pool smaller than the draw, though the catalogue is larger', () => {
  const query = { scores: new Float32Array(9), excluded: new Set<number>() };

  expect(() => topKPool({ poolSize: 2 })(query, 3, Math.random)).toThrow(
    new PoolTooSmallError(2, 3),
  );
});

test('stays quick when the pool is a large catalogue in ascending order', () => {
  // A sorted list with insertions takes seconds here: itemCount² / 2 moves.
  const scores = Float32Array.from({ length: 60_000 }, (_, item) => item);
  const startMs = performance.now();
  topKPool({ poolSize: 60_000 })({ scores, excluded: new Set() }, 1, Math.random);

  expect(performance.now() - startMs).toBeLessThan(1000);
});

test('a sampler takes any uniform generator, Math.random included', () => {
  expectTypeOf(topKPool).returns.toEqualTypeOf<NegativeSampler>();
  expectTypeOf<typeof Math.random>().toExtend<Parameters<NegativeSampler>[2]>();
});

test.each([0, -1, 1.5, Number.NaN])('rejects poolSize %d', (poolSize) => {
  expect(() => topKPool({ poolSize })).toThrow(
    new RangeError(`poolSize must be a positive integer, got ${poolSize}`),
  );
});

test('rejects a score that is no number', () => {
  const scores = Float32Array.of(0, Number.NaN);

  expect(() => wholeCatalogue({ scores, excluded: new Set() }, 1, Math.random)).toThrow(
    new RangeError('scores must be numbers, got NaN for item 1'),
  );
});
