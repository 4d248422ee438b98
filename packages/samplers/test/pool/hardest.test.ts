import { hardest, type SamplingBatch } from '@rodpo/samplers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyBatch, fixedBatch, listsOf } from '../any-batch.ts';
import { logarithms, oneRow, ranking, rowsOf } from './oracle.ts';

const notRandom = () => {
  throw new Error('hardest takes no random numbers');
};

test('takes the best-scored items that are not excluded, ties to the lower index', () => {
  //              item: 0  1  2  3  4
  const batch = oneRow([1, 3, 5, 3, 3], [2]);

  expect(hardest().sample(batch, 3, notRandom)).toEqual({
    items: Int32Array.of(1, 3, 4),
    logProbabilities: Float32Array.of(0, -Infinity, -Infinity), // q is that of one draw
  });
  expect(hardest({ rank: 3 }).sample(batch, 2, notRandom).items).toEqual(Int32Array.of(4, 0));
  expect(logarithms(hardest({ rank: 3 }), batch)).toEqual(
    Float32Array.of(-Infinity, -Infinity, -Infinity, -Infinity, 0),
  );
});

test('agrees with sorting the whole catalogue, and tells the probabilities it draws with', () => {
  fc.assert(
    fc.property(anyBatch, fc.integer({ min: 1, max: 5 }), (batch, rank) => {
      const left = rowsOf(batch).map((row) => ranking(batch, row).length - rank + 1);
      const count = Math.max(0, Math.min(...left));
      const sampler = hardest({ rank });
      const { items, logProbabilities } = sampler.sample(batch, count, notRandom);

      const expected = rowsOf(batch).flatMap((row) =>
        ranking(batch, row).slice(rank - 1, rank - 1 + count),
      );
      expect(items).toEqual(Int32Array.from(expected));
      expect(sampler.logProbabilities(batch, items, count)).toEqual(logProbabilities);
    }),
    { numRuns: 300 },
  );
});

test('gives the one item probability 1, and all others none', () => {
  fc.assert(
    fc.property(anyBatch, fc.integer({ min: 1, max: 5 }), (batch, rank) => {
      const logs = logarithms(hardest({ rank }), batch);
      for (const row of rowsOf(batch)) {
        const certain = ranking(batch, row)[rank - 1];
        for (let item = 0; item < batch.itemCount; item++) {
          expect(logs[row * batch.itemCount + item]).toBe(item === certain ? 0 : -Infinity);
        }
      }
    }),
  );
});

test('draws nothing when asked for nothing, and writes into what it is given', () => {
  const batch = fixedBatch();
  const into = { items: new Int32Array(5), logProbabilities: new Float32Array(5).fill(7) };

  expect(hardest().sample(batch, 0, notRandom).items).toEqual(new Int32Array(0));
  expect(hardest().sample(batch, 1, notRandom, into).items).toBe(into.items);
  expect(into).toEqual(hardest().sample(batch, 1, notRandom));
});

test('refuses to go below the last item of a row', () => {
  const batch = { rowCount: 2, scores: new Float32Array(8), excluded: listsOf([[], [0, 1]]) };

  expect(() => hardest({ rank: 2 }).sample(batch, 2, notRandom)).toThrow(
    expect.objectContaining({ name: 'PoolTooSmallError', available: 1, requested: 2, row: 1 }),
  );
  expect(() => hardest({ rank: 9 }).sample(batch, 1, notRandom)).toThrow(
    expect.objectContaining({ name: 'PoolTooSmallError', available: 0, requested: 1, row: 0 }),
  );
});

test.each([0, -1, 1.5, Number.NaN])('rejects rank %d', (rank) => {
  expect(() => hardest({ rank })).toThrow(
    new RangeError(`rank must be a positive integer, got ${rank}`),
  );
});

test.each([-1, 1.5, Number.NaN])('rejects count %d', (count) => {
  expect(() => hardest().sample(fixedBatch(), count, notRandom)).toThrow(/^count must be/);
});

test('rejects a batch without scores, or with a NaN, that of an excluded item included', () => {
  const { scores, ...withoutScores }: SamplingBatch = oneRow([1, Number.NaN, 2], [1]);

  expect(() => hardest().sample(withoutScores, 1, notRandom)).toThrow(/needs the scores/);
  expect(() => hardest().sample({ ...withoutScores, scores: scores! }, 1, notRandom)).toThrow(
    new RangeError('scores must be numbers, got NaN for item 1 of row 0'),
  );
});
