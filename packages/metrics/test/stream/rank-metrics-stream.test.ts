import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Ranks, rankMetrics, rankMetricsStream } from '@rodpo/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('means, standard errors and counts by key', () => {
  const stream = rankMetricsStream([1, 4], ['hit', 'recall']);
  for (const ranks of [1, [2, 9], 3, 8]) stream.add(ranks);

  // hit@1 is 1, 0, 0, 0: mean ¼, squared deviations ¾, standard error √(¾ / 3 / 4) = ¼.
  // recall@4 is 1, ½, 1, 0: mean ⅝, squared deviations 11/16, standard error √(11/192).
  expect(stream.result()).toMatchObject({
    'hit@1': { mean: 1 / 4, standardError: 1 / 4, count: 4, emptyCount: 0 },
    'recall@4': { mean: 5 / 8, count: 4 },
  });
  expect(stream.result()['recall@4']!.standardError).toBeCloseTo(Math.sqrt(11 / 192), 14);
  expect(Object.keys(stream.result())).toEqual(['hit@1', 'recall@1', 'hit@4', 'recall@4']);
});

test('cases without relevant items are counted apart', () => {
  const stream = rankMetricsStream([5]);
  for (const ranks of [[], 1, new Float64Array(0)]) stream.add(ranks);

  for (const key of ['hit@5', 'ndcg@5', 'mrr@5']) {
    expect(stream.result()[key]).toMatchObject({ mean: 1, count: 1, emptyCount: 2 });
  }
});

test('nobody evaluated is not a number, rather than zero', () => {
  const { mean, standardError, count } = rankMetricsStream([5]).result()['hit@5']!;

  expect([mean, standardError, count]).toEqual([Number.NaN, Number.NaN, 0]);
});

const anyRanks: fc.Arbitrary<Ranks> = fc.oneof(
  fc.integer({ min: 1, max: 12 }),
  fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 4 }),
);
const anyCases = fc.array(anyRanks, { maxLength: 20 });
const names = ['hit', 'recall', 'precision', 'ndcg', 'mrr', 'map'] as const;

test('two streams merged are one stream, and that is rankMetrics of the cases that have a value', () => {
  fc.assert(
    fc.property(anyCases, anyCases, (first, second) => {
      const [one, other] = [first, second].map((cases) => {
        const stream = rankMetricsStream([3, 10], names);
        for (const ranks of cases) stream.add(ranks);
        return stream;
      });
      one!.merge(other!);
      const all = [...first, ...second];
      const counted = all.filter((ranks) => typeof ranks === 'number' || ranks.length > 0);
      const means = rankMetrics(counted, [3, 10], names);

      for (const [key, { mean, count, emptyCount }] of Object.entries(one!.result())) {
        expect([count, emptyCount]).toEqual([counted.length, all.length - counted.length]);
        if (count === 0) expect(mean).toBeNaN();
        else expect(mean).toBeCloseTo(means[key]!, 12);
      }
    }),
  );
});

test('merges what came as a message', () => {
  const stream = rankMetricsStream([5], ['hit']);
  stream.add(1);
  const message = structuredClone(stream.result());
  stream.merge({ result: () => message });

  expect(stream.result()['hit@5']).toMatchObject({ mean: 1, count: 2 });
});

test('ten million cases take no more memory than one, and come out exact', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: () => void = runInNewContext('gc');
  const usedBytes = () => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const rounds = 2_000_000;
  const stream = rankMetricsStream([4], ['hit', 'mrr']);
  stream.add(1);
  const before = usedBytes();
  for (let round = 0; round < rounds; round++) {
    for (let rank = 1; rank <= 5; rank++) stream.add(rank);
  }
  const growth = usedBytes() - before;
  const { 'hit@4': hit, 'mrr@4': mrr } = stream.result();

  expect(growth).toBeLessThan(2 ** 22); // a float per case would take 80 MB
  // Ranks 1 to 5 alike, and rank 1 once more: 8,000,001 hits of n = 10,000,001; the squared
  // deviations of hits and misses are hits · misses / n. MRR: 1 + 1/2 + 1/3 + 1/4 = 25/12 a round.
  const count = 5 * rounds + 1;
  const hits = 4 * rounds + 1;
  const deviations = (hits * (count - hits)) / count;
  expect([hit!.count, mrr!.count]).toEqual([count, count]);
  expect(hit!.mean).toBeCloseTo(hits / count, 12);
  expect(hit!.standardError).toBeCloseTo(Math.sqrt(deviations / (count - 1) / count), 14);
  expect(mrr!.mean).toBeCloseTo(((25 / 12) * rounds + 1) / count, 12);
});

test('rejects bad cases, and leaves the stream as it was', () => {
  const stream = rankMetricsStream([5], ['hit', 'map']);
  stream.add(2);

  expect(() => stream.add(0)).toThrow('rank must be at least 1, got 0');
  expect(() => stream.add([1, Number.NaN])).toThrow('rank must be at least 1, got NaN');
  expect(stream.result()).toMatchObject({ 'hit@5': { count: 1 }, 'map@5': { count: 1 } });
});

test('rejects a stream of other metrics', () => {
  const other = rankMetricsStream([5, 10], ['hit']);
  other.add(1);

  for (const [cutoffs, keys] of [
    [[5], 'hit@5'],
    [[5, 20], 'hit@5, hit@20'],
  ] as const) {
    const stream = rankMetricsStream(cutoffs, ['hit']);
    expect(() => stream.merge(other)).toThrow(
      new RangeError(
        `streams to merge must have the same keys, ${keys}, got hit@5, hit@10. ` +
          'Start both with the same cutoffs and names.',
      ),
    );
    expect(stream.result()['hit@5']!.count).toBe(0);
  }
  expect(() => rankMetricsStream([0])).toThrow('cutoff must be a positive integer');
});
