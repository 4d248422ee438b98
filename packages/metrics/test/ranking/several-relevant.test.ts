import { averagePrecisionAt, hitAt, mrrAt, ndcgAt, precisionAt, recallAt } from '@rodpo/metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const metrics = { averagePrecisionAt, hitAt, mrrAt, ndcgAt, precisionAt, recallAt };
const infinite = Number.POSITIVE_INFINITY;

// Relevant items at ranks 2, 3 and 6, by hand. With a cutoff of 5:
//   recall 2/3, precision 2/5, MRR 1/2, AP (1/2 + 2/3) / 3 = 7/18,
//   NDCG (1/log2(3) + 1/log2(4)) / (1 + 1/log2(3) + 1/log2(4)) = 1.130930 / 2.130930.
test.each([
  { cutoff: 1, hit: 0, recall: 0, precision: 0, mrr: 0, map: 0, ndcg: 0 },
  { cutoff: 2, hit: 1, recall: 1 / 3, precision: 1 / 2, mrr: 1 / 2, map: 1 / 4, ndcg: 0.386853 },
  { cutoff: 5, hit: 1, recall: 2 / 3, precision: 2 / 5, mrr: 1 / 2, map: 7 / 18, ndcg: 0.530721 },
  { cutoff: 6, hit: 1, recall: 1, precision: 1 / 2, mrr: 1 / 2, map: 5 / 9, ndcg: 0.697882 },
  { cutoff: 50, hit: 1, recall: 1, precision: 3 / 50, mrr: 1 / 2, map: 5 / 9, ndcg: 0.697882 },
])('ranks 2, 3 and 6 at cutoff $cutoff', ({ cutoff, ...expected }) => {
  for (const ranks of [[2, 3, 6], [6, 2, 3], Float32Array.of(3, 6, 2)]) {
    expect(hitAt(ranks, cutoff)).toBe(expected.hit);
    expect(recallAt(ranks, cutoff)).toBe(expected.recall);
    expect(precisionAt(ranks, cutoff)).toBe(expected.precision);
    expect(mrrAt(ranks, cutoff)).toBe(expected.mrr);
    expect(averagePrecisionAt(ranks, cutoff)).toBeCloseTo(expected.map, 14);
    expect(ndcgAt(ranks, cutoff)).toBeCloseTo(expected.ndcg, 6);
  }
});

test('items that the list does not hold count as relevant and not as found', () => {
  const ranks = [infinite, 1, infinite];

  expect(recallAt(ranks, 5)).toBe(1 / 3);
  expect(averagePrecisionAt(ranks, 5)).toBe(1 / 3);
  expect(mrrAt([infinite, infinite], 5)).toBe(0);
  expect(ndcgAt([infinite, infinite], 5)).toBe(0);
});

test('averaged ties: three items at rank 2 give a list of two no more than it holds', () => {
  // The group has places 1 to 3 and its mean place is 2. A list of two shows two of the three.
  const ranks = [2, 2, 2];

  expect(precisionAt(ranks, 2)).toBe(1);
  expect(recallAt(ranks, 2)).toBe(2 / 3);
  expect(averagePrecisionAt(ranks, 2)).toBe((1 / 2 + 2 / 2) / 2);
  // 2 / log2(3) over 1 + 1 / log2(3).
  expect(ndcgAt(ranks, 2)).toBeCloseTo(1.2618595 / 1.6309298, 7);
});

const anyCutoff = fc.integer({ min: 1, max: 15 });
const anyRanks = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });

describe.each(Object.entries(metrics))('%s', (name, metric) => {
  test('gives a plain number and a list of one the same', () => {
    for (const rank of [1, 1.5, 3, 5, 6, infinite]) {
      expect(metric([rank], 5)).toBeCloseTo(metric(rank, 5), 15);
    }
  });

  test('is NaN without relevant items', () => {
    expect(metric([], 5)).toBeNaN();
    expect(metric(new Float64Array(0), 1)).toBeNaN();
  });

  test('lies from 0 to 1, also for averaged ties, whatever the order of the ranks', () => {
    // The relevant items of a tied group from place `first` to `first + size - 1` share its mean.
    const anyGroup = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(6));
    const averaged = fc.array(anyGroup, { minLength: 1, maxLength: 5 }).map((groups) => {
      const ranks: number[] = [];
      let first = 1;
      for (const [size, relevant] of groups) {
        const mean = first + (size - 1) / 2;
        for (let item = 0; item < Math.min(size, relevant); item++) ranks.push(mean);
        first += size;
      }
      return ranks;
    });

    fc.assert(
      fc.property(fc.oneof(anyRanks, averaged), anyCutoff, (ranks, cutoff) => {
        fc.pre(ranks.length > 0);
        const value = metric(ranks, cutoff);

        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-15);
        expect(metric([...ranks].reverse(), cutoff)).toBe(value);
      }),
      { numRuns: 500 },
    );
  });

  test('a better rank never lowers it', () => {
    fc.assert(
      fc.property(anyRanks, anyCutoff, fc.nat(7), (ranks, cutoff, index) => {
        const from = ranks[index % ranks.length]!;
        fc.pre(from > 1);
        // One step up; if a relevant item stood there, the two swap, which changes nothing.
        const improved = ranks.map((rank) =>
          rank === from ? from - 1 : rank === from - 1 ? from : rank,
        );

        expect(metric(improved, cutoff)).toBeGreaterThanOrEqual(metric(ranks, cutoff));
      }),
    );
  });

  test('agrees with its definition on a list of relevances', () => {
    fc.assert(
      fc.property(anyRanks, anyCutoff, (ranks, cutoff) => {
        const list = Array.from({ length: 20 }, (_, index) => (ranks.includes(index + 1) ? 1 : 0));

        expect(metric(ranks, cutoff)).toBeCloseTo(
          definitions[name as keyof typeof metrics](list, cutoff),
          12,
        );
      }),
    );
  });

  test.each([0, -1, 0.5, Number.NaN])('rejects rank %d', (rank) => {
    const message = `rank must be at least 1, got ${rank}. Ranks are 1-based`;

    expect(() => metric(rank, 5)).toThrow(message);
    expect(() => metric([1, rank, 2], 5)).toThrow(message);
    expect(() => metric([1, 9, rank], 1)).toThrow(message); // also beyond the cutoff
  });

  test.each([0, 1.5, Number.NaN])('rejects cutoff %d', (cutoff) => {
    expect(() => metric(1, cutoff)).toThrow('cutoff must be a positive integer');
    expect(() => metric([], cutoff)).toThrow('cutoff must be a positive integer');
  });
});

/** On relevances in list order, from left to right, as textbooks have them. */
const definitions: Record<keyof typeof metrics, (list: number[], cutoff: number) => number> = {
  hitAt: (list, cutoff) => Number(sum(list.slice(0, cutoff)) > 0),
  recallAt: (list, cutoff) => sum(list.slice(0, cutoff)) / sum(list),
  precisionAt: (list, cutoff) => sum(list.slice(0, cutoff)) / cutoff,
  mrrAt: (list, cutoff) => {
    const first = list.slice(0, cutoff).indexOf(1);
    return first < 0 ? 0 : 1 / (first + 1);
  },
  averagePrecisionAt: (list, cutoff) =>
    sum(
      list
        .slice(0, cutoff)
        .map((own, index) => (own * sum(list.slice(0, index + 1))) / (index + 1)),
    ) / Math.min(sum(list), cutoff),
  ndcgAt: (list, cutoff) => {
    const gain = (relevances: number[]) =>
      sum(relevances.slice(0, cutoff).map((own, index) => own / Math.log2(index + 2)));
    return gain(list) / gain([...list].sort((a, b) => b - a));
  },
};

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
