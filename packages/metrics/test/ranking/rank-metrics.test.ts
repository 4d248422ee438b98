import { hitAt, mrrAt, ndcgAt, rankMetrics, rankMetricsPerCase, recallAt } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

// RecBole's formulas with one relevant item, by hand:
//   Hit@k = 1[r ≤ k], NDCG@k = 1[r ≤ k] / log2(r + 1), MRR@k = 1[r ≤ k] / r.
test.each([
  { rank: 1, cutoff: 5, hit: 1, ndcg: 1, mrr: 1 }, // 1 / log2(2) = 1
  { rank: 3, cutoff: 5, hit: 1, ndcg: 0.5, mrr: 1 / 3 }, // 1 / log2(4) = 1/2
  { rank: 7, cutoff: 10, hit: 1, ndcg: 1 / 3, mrr: 1 / 7 }, // 1 / log2(8) = 1/3
  { rank: 5, cutoff: 5, hit: 1, ndcg: 0.3868528072345416, mrr: 0.2 }, // ln 2 / ln 6 = 0.6931 / 1.7918
  { rank: 6, cutoff: 5, hit: 0, ndcg: 0, mrr: 0 }, // just outside
  { rank: 2, cutoff: 1, hit: 0, ndcg: 0, mrr: 0 },
  { rank: 1.5, cutoff: 2, hit: 1, ndcg: 0.7564707973660301, mrr: 2 / 3 }, // ln 2 / ln 2.5
  { rank: 5.5, cutoff: 5, hit: 0, ndcg: 0, mrr: 0 },
  { rank: Number.POSITIVE_INFINITY, cutoff: 5, hit: 0, ndcg: 0, mrr: 0 }, // never listed
])('rank $rank at cutoff $cutoff', ({ rank, cutoff, hit, ndcg, mrr }) => {
  expect(hitAt(rank, cutoff)).toBe(hit);
  expect(ndcgAt(rank, cutoff)).toBeCloseTo(ndcg, 14);
  expect(mrrAt(rank, cutoff)).toBeCloseTo(mrr, 14);
});

test('means over cases, at every cutoff', () => {
  // Ranks 1, 3, 8. At 2 only the first counts. At 5: NDCG (1 + 1/2) / 3, MRR (1 + 1/3) / 3.
  expect(rankMetrics([1, 3, 8], [2, 5])).toEqual({
    'hit@2': 1 / 3,
    'ndcg@2': 1 / 3,
    'mrr@2': 1 / 3,
    'hit@5': 2 / 3,
    'ndcg@5': 0.5,
    'mrr@5': (1 + 1 / 3) / 3,
  });
});

test('several relevant items per case, and the metrics asked for', () => {
  // Case 1: ranks 1 and 4 at cutoff 4: recall 1, precision 2/4, AP (1/1 + 2/4) / 2 = 3/4.
  // Case 2: rank 4 alone: recall 1, precision 1/4, AP 1/4.
  expect(rankMetrics([[4, 1], 4], [4], ['map', 'recall', 'precision'])).toEqual({
    'map@4': (3 / 4 + 1 / 4) / 2,
    'recall@4': 1,
    'precision@4': (1 / 2 + 1 / 4) / 2,
  });
});

test('one value per case, in order, of which rankMetrics are the means', () => {
  const cases = [1, [4, 2], [], Number.POSITIVE_INFINITY];
  const values = rankMetricsPerCase(cases, [1, 2], ['recall']);

  expect(values).toEqual({
    'recall@1': Float64Array.of(1, 0, Number.NaN, 0),
    'recall@2': Float64Array.of(1, 0.5, Number.NaN, 0),
  });
  expect(values['recall@2']).toEqual(Float64Array.from(cases, (ranks) => recallAt(ranks, 2)));
  expect(Object.keys(rankMetricsPerCase(cases, [7]))).toEqual(['hit@7', 'ndcg@7', 'mrr@7']);
});

test('a case without relevant items makes the means NaN: it is never dropped', () => {
  expect(rankMetrics([1, []], [5], ['hit', 'map'])).toEqual({
    'hit@5': Number.NaN,
    'map@5': Number.NaN,
  });
});

test('a repeated cutoff or name counts once', () => {
  expect(rankMetrics([1], [2, 2], ['hit', 'hit'])).toEqual({ 'hit@2': 1 });
});

test('rejects a name it does not know', () => {
  for (const name of ['ndgc', 'toString']) {
    expect(() => rankMetrics([1], [5], [name as 'ndcg'])).toThrow(
      new RangeError(
        `names must be metrics, got ${name}. Choose from hit, recall, precision, ndcg, mrr, map.`,
      ),
    );
  }
});

const anyRank = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constantFrom(1.5, 2.5, 5.5));
const anyCutoff = fc.integer({ min: 1, max: 30 });

test('agrees with the general definitions on a list of relevances', () => {
  const wholeRank = fc.integer({ min: 1, max: 30 });

  fc.assert(
    fc.property(wholeRank, anyCutoff, (rank, cutoff) => {
      const relevances = Array.from({ length: 30 }, (_, index) => (index + 1 === rank ? 1 : 0));
      const gain = (list: number[]) =>
        list.slice(0, cutoff).reduce((sum, own, index) => sum + own / Math.log2(index + 2), 0);
      const ideal = [...relevances].sort((a, b) => b - a);
      const first = relevances.slice(0, cutoff).indexOf(1);

      expect(ndcgAt(rank, cutoff)).toBeCloseTo(gain(relevances) / gain(ideal), 12);
      expect(mrrAt(rank, cutoff)).toBe(first < 0 ? 0 : 1 / (first + 1));
      expect(hitAt(rank, cutoff)).toBe(first < 0 ? 0 : 1);
    }),
  );
});

test('a better rank and a longer list never hurt, and MRR ≤ NDCG ≤ Hit', () => {
  fc.assert(
    fc.property(anyRank, anyCutoff, (rank, cutoff) => {
      for (const metric of [hitAt, ndcgAt, mrrAt]) {
        expect(metric(rank, cutoff)).toBeGreaterThanOrEqual(metric(rank + 0.5, cutoff));
        expect(metric(rank, cutoff)).toBeLessThanOrEqual(metric(rank, cutoff + 1));
      }
      expect(mrrAt(rank, cutoff)).toBeLessThanOrEqual(ndcgAt(rank, cutoff));
      expect(ndcgAt(rank, cutoff)).toBeLessThanOrEqual(hitAt(rank, cutoff));
    }),
  );
});

test('averages the three functions, whatever array holds the ranks', () => {
  fc.assert(
    fc.property(fc.array(anyRank, { minLength: 1, maxLength: 20 }), anyCutoff, (ranks, cutoff) => {
      const metrics = rankMetrics(Float32Array.from(ranks), [cutoff]);
      const mean = (metric: typeof hitAt) =>
        ranks.map((rank) => metric(rank, cutoff)).reduce((sum, own) => sum + own) / ranks.length;

      expect(metrics[`hit@${cutoff}`]).toBeCloseTo(mean(hitAt), 12);
      expect(metrics[`ndcg@${cutoff}`]).toBeCloseTo(mean(ndcgAt), 12);
      expect(metrics[`mrr@${cutoff}`]).toBeCloseTo(mean(mrrAt), 12);
    }),
  );
});

test('nobody evaluated is not a number, rather than zero', () => {
  const nan = Number.NaN;

  expect(rankMetrics([], [5])).toEqual({ 'hit@5': nan, 'ndcg@5': nan, 'mrr@5': nan });
  expect(rankMetrics([1], [])).toEqual({});
});

test.each([0, 0.5, -1, Number.NaN])('rejects rank %d', (rank) => {
  const error = new RangeError(
    `rank must be at least 1, got ${rank}. Ranks are 1-based: the best item has rank 1.`,
  );
  for (const metric of [hitAt, ndcgAt, mrrAt]) expect(() => metric(rank, 5)).toThrow(error);
  expect(() => rankMetrics([1, rank], [5])).toThrow(error);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('rejects cutoff %d', (cutoff) => {
  const error = new RangeError(
    `cutoff must be a positive integer, got ${cutoff}. Pass the length of the list to judge.`,
  );
  for (const metric of [hitAt, ndcgAt, mrrAt]) expect(() => metric(1, cutoff)).toThrow(error);
  expect(() => rankMetrics([], [cutoff])).toThrow(error);
});
