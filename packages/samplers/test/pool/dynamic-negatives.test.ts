import { seededRandom } from '@rodpo/random';
import { dynamicNegatives, hardest, topKPool, uniform } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyBatch, type ContractBatch, fixedBatch, listsOf } from '../any-batch.ts';
import { chiSquareExcess } from '../chi-square.ts';
import { describeNegativeSampler } from '../negative-sampler-contract.ts';
import { expectGolden, golden, goldenBatch } from './golden.ts';
import { logarithms, oneRow, probabilities, ranking, rowsOf } from './oracle.ts';

// With as many candidates as items, every item with a probability can be drawn at once.
describeNegativeSampler(
  'dynamicNegatives of every item',
  () => dynamicNegatives({ candidateCount: 20, keep: 3 }),
  {
    available: (batch: ContractBatch, row: number) => Math.min(3, ranking(batch, row).length),
  },
);

test('the best of two candidates out of three', () => {
  const sampler = dynamicNegatives({ candidateCount: 2 });

  // The sets are {1st, 2nd}, {1st, 3rd}, {2nd, 3rd}: the first is best in two, the second in one.
  // Of the equal ones, the lower index is the second.
  expectAllClose(probabilities(sampler, oneRow([4, 4, 9, 7], [2])), [1 / 3, 0, 0, 2 / 3]);
});

test.each(golden.dynamic)(
  'DNS($keep, $candidateCount) has the probabilities of SciPy',
  ({ candidateCount, keep, logProbabilities }) => {
    expectGolden(dynamicNegatives({ candidateCount, keep }), logProbabilities);
  },
);

test.each(golden.enumerated)(
  'DNS($keep, $candidateCount) of $itemCount items is what all sets of candidates give',
  ({ itemCount, candidateCount, keep, probabilities: expected }) => {
    const descending = Array.from({ length: itemCount }, (_, item) => -item);
    const sampler = dynamicNegatives({ candidateCount, keep });

    expectAllClose(probabilities(sampler, oneRow(descending)), expected);
  },
);

describe.each([
  [1, 1],
  [8, 1],
  [12, 5],
  [30, 3],
  [6, 6],
])('of %d candidates the best %d', (candidateCount, keep) => {
  const sampler = dynamicNegatives({ candidateCount, keep });
  const itemCount = goldenBatch.scores.length / goldenBatch.rowCount;

  test.each([1, 2, 3].filter((count) => count <= keep))('are drawn as q says, draw %d', (count) => {
    const random = seededRandom(7);
    const tallies = rowsOf(goldenBatch).map(() => new Array<number>(itemCount).fill(0));
    for (let draw = 0; draw < 10_000; draw++) {
      const { items } = sampler.sample(goldenBatch, count, random);
      // Each draw alone is distributed as the first: look at the last.
      for (const [row, tally] of tallies.entries()) tally[items[row * count + count - 1]!]! += 1;
    }

    const q = [...probabilities(sampler, goldenBatch)];
    for (const [row, tally] of tallies.entries()) {
      expect(chiSquareExcess(tally, q.slice(row * itemCount, (row + 1) * itemCount))).toBeLessThan(
        1,
      );
    }
  });

  test('sum to 1, also for a large catalogue', () => {
    const scores = Array.from({ length: 12_101 }, (_, item) => Math.sin(item));
    const sum = probabilities(sampler, oneRow(scores, [5, 99])).reduce((a, b) => a + b, 0);

    expectAllClose([sum], [1], { absolute: 1e-5 }); // 12,101 values of about 1e-7 relative
  });
});

test('never draws what is excluded, nor twice, and tells the probabilities it draws with', () => {
  fc.assert(
    fc.property(anyBatch, fc.nat(), fc.integer({ min: 1, max: 8 }), (batch, seed, keep) => {
      const candidateCount = keep + (seed % 5);
      const sampler = dynamicNegatives({ candidateCount, keep });
      const left = rowsOf(batch).map((row) => ranking(batch, row).length);
      const count = Math.min(keep, ...left);
      const { items, logProbabilities } = sampler.sample(batch, count, seededRandom(seed));

      for (const row of rowsOf(batch)) {
        const drawn = items.subarray(row * count, (row + 1) * count);
        expect(ranking(batch, row)).toEqual(expect.arrayContaining([...drawn]));
        expect(new Set(drawn).size).toBe(count);
      }
      expect(sampler.logProbabilities(batch, items, count)).toEqual(logProbabilities);
      expect(
        dynamicNegatives({ candidateCount, keep }).sample(batch, count, seededRandom(seed)),
      ).toEqual(sampler.sample(batch, count, seededRandom(seed)));
    }),
    { numRuns: 300 },
  );
});

test('with as many candidates as kept it is uniform, with all items a pool, or the hardest', () => {
  fc.assert(
    fc.property(anyBatch, fc.integer({ min: 1, max: 6 }), (batch, keep) => {
      const { itemCount } = batch;
      const of = (candidateCount: number) =>
        logarithms(dynamicNegatives({ candidateCount, keep }), batch);

      expectAllClose(of(keep), logarithms(uniform({ itemCount }), batch));
      expectAllClose(of(100), logarithms(topKPool({ poolSize: keep }), batch));
      const best = dynamicNegatives({ candidateCount: 100 });
      expectAllClose(logarithms(best, batch), logarithms(hardest(), batch));
    }),
  );
});

test('every row takes as many random numbers as candidates and draws', () => {
  let taken = 0;
  const random = () => ((taken++ * 7) % 10) / 10;
  // Five rows over six items: one has only one item left, and there are never eight.
  dynamicNegatives({ candidateCount: 8, keep: 2 }).sample(fixedBatch(), 1, random);

  expect(taken).toBe(5 * (8 + 1));
});

test('refuses more draws than are kept, or than a row has', () => {
  const batch = { rowCount: 2, scores: new Float32Array(8), excluded: listsOf([[], [0, 1, 2]]) };
  const sampler = dynamicNegatives({ candidateCount: 4, keep: 2 });

  expect(() => sampler.sample(batch, 3, Math.random)).toThrow(
    expect.objectContaining({ name: 'PoolTooSmallError', available: 2, requested: 3, row: 0 }),
  );
  expect(() => sampler.sample(batch, 2, Math.random)).toThrow(
    expect.objectContaining({ name: 'PoolTooSmallError', available: 1, requested: 2, row: 1 }),
  );
});

test('a NaN is found though only some items are candidates', () => {
  const sampler = dynamicNegatives({ candidateCount: 2 });
  for (let item = 0; item < 9; item++) {
    const scores = Array.from({ length: 9 }, (_, index) => (index === item ? Number.NaN : index));

    expect(() => sampler.sample(oneRow(scores), 1, seededRandom(1))).toThrow(
      new RangeError(`scores must be numbers, got NaN for item ${item} of row 0`),
    );
    expect(() => sampler.logProbabilities(oneRow(scores), Int32Array.of(3), 1)).toThrow(RangeError);
  }
});

test.each([
  [0, 1, /^candidateCount must be a positive integer, got 0/],
  [2, 1.5, /^keep must be a positive integer, got 1.5/],
  [2, 3, /^keep must be at most candidateCount, 2, got 3/],
])('rejects %d candidates of which %d are kept', (candidateCount, keep, message) => {
  expect(() => dynamicNegatives({ candidateCount, keep })).toThrow(message);
});
