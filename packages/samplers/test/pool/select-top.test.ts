import { seededRandom } from '@rodpo/random';
import { type SamplingBatch, topKPool } from '@rodpo/samplers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyBatch, listsOf } from '../any-batch.ts';
import { logarithms, ranking, rowsOf } from './oracle.ts';

test('agrees with sorting the whole catalogue', () => {
  fc.assert(
    fc.property(anyBatch, fc.integer({ min: 1, max: 30 }), (batch, poolSize) => {
      const sampler = topKPool({ poolSize });
      for (const [row, logs] of perRow(logarithms(sampler, batch), batch).entries()) {
        const pool = [...logs.keys()].filter((item) => logs[item]! > -Infinity);
        expect(pool).toEqual(ascending(ranking(batch, row).slice(0, poolSize)));
      }
    }),
    { numRuns: 300 },
  );
});

describe('in long rows, where the bar is guessed first', () => {
  const itemCount = 3001;
  const arrangements: Record<string, (item: number, random: () => number) => number> = {
    random: (_, random) => random(),
    ascending: (item) => item,
    descending: (item) => -item,
    'all equal': () => 1,
    'three values': (_, random) => Math.floor(3 * random()),
    'best where the sample looks': (item, random) => (item % 8 === 4 ? 9 : 0) + random(),
    'best where the sample does not look': (item, random) => (item % 8 === 4 ? -9 : 0) + random(),
    infinite: (item) => [Infinity, -Infinity, 0][item % 3]!,
    'mostly +∞': (item) => (item % 50 === 0 ? item : Infinity),
    'mostly −∞': (item) => (item % 50 === 0 ? item : -Infinity),
    zeros: (item) => (item % 2 ? 0 : -0),
  };

  describe.each(Object.keys(arrangements))('%s scores', (name) => {
    test.each([1, 2, 17, 100, 187, 700, 1500, 3000, 4000])('the best %d are exact', (poolSize) => {
      const random = seededRandom(poolSize);
      const length = 3 * itemCount;
      const scores = Float32Array.from({ length }, (_, index) =>
        arrangements[name]!(index % itemCount, random),
      );
      const few = { rowCount: 3, scores, excluded: listsOf([[], [7, 3000, -1], [4, 12, 20]]) };
      const best = ranking(few, 0).slice(0, 60); // the last row excludes its likeliest
      for (const excluded of [few.excluded, listsOf([[], [7], best])]) {
        expectExactPools({ ...few, excluded }, poolSize);
      }
    });
  });

  test('a NaN anywhere is found, and named', () => {
    const sampler = topKPool({ poolSize: 100 });
    const batch = {
      rowCount: 2,
      scores: Float32Array.from({ length: 2 * itemCount }, (_, index) => Math.sin(index)),
      excluded: listsOf([[], [17]]),
    };
    for (const item of [0, 1, 17, 189, 1500, itemCount - 1]) {
      const scores = batch.scores.slice();
      scores[itemCount + item] = Number.NaN;

      expect(() => sampler.sample({ ...batch, scores }, 1, Math.random)).toThrow(
        new RangeError(`scores must be numbers, got NaN for item ${item} of row 1`),
      );
    }
  });
});

test('is exact where every pivot of a quickselect is a bad one', () => {
  // Musser's order: the median of first, middle and last is always the second-lowest left.
  const itemCount = 4000;
  const half = itemCount / 2;
  const killer = Float32Array.from({ length: itemCount }, (_, index) => {
    if (index >= half) return 2 * (index - half + 1);
    return index % 2 === 0 ? index + 1 : half + index + (half % 2);
  });
  for (const scores of [killer, killer.map((score) => -score)]) {
    for (const poolSize of [1999, 2000, 3900]) {
      expectExactPools({ rowCount: 1, scores, excluded: listsOf([[]]) }, poolSize);
    }
  }
});

function expectExactPools(batch: SamplingBatch, poolSize: number): void {
  const least = Math.min(...rowsOf(batch).map((row) => ranking(batch, row).length), poolSize);
  const { items } = topKPool({ poolSize: least }).sample(batch, least, seededRandom(1));
  for (const row of rowsOf(batch)) {
    const drawn = items.slice(row * least, (row + 1) * least).sort();

    expect(drawn).toEqual(Int32Array.from(ascending(ranking(batch, row).slice(0, least))));
  }
}

function perRow(values: Float32Array, { rowCount }: SamplingBatch): Float32Array[] {
  const length = values.length / rowCount;
  return Array.from({ length: rowCount }, (_, row) =>
    values.subarray(row * length, (row + 1) * length),
  );
}

const ascending = (items: number[]) => items.toSorted((a, b) => a - b);
