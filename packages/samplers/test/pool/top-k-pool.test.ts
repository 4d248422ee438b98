import { seededRandom } from '@rodpo/random';
import {
  hardest,
  type NegativeSampler,
  type PoolWeighting,
  type SamplingBatch,
  topKPool,
  uniform,
} from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyBatch, type ContractBatch, fixedBatch, listsOf } from '../any-batch.ts';
import { chiSquareExcess } from '../chi-square.ts';
import { describeNegativeSampler } from '../negative-sampler-contract.ts';
import { expectGolden, golden } from './golden.ts';
import { logarithms, oneRow, probabilities, ranking } from './oracle.ts';

const atMost = (poolSize: number) => ({
  available: (batch: ContractBatch, row: number) => Math.min(poolSize, ranking(batch, row).length),
});

/** With scores so near each other that no probability is too small for a Float32Array. */
function mildly(sampler: NegativeSampler): NegativeSampler {
  const mild = (batch: SamplingBatch) => ({
    ...batch,
    scores: batch.scores!.map((score) => Math.max(-2, Math.min(2, score))),
  });
  return {
    sample: (batch, ...rest) => sampler.sample(mild(batch), ...rest),
    logProbabilities: (batch, ...rest) => sampler.logProbabilities(mild(batch), ...rest),
  };
}

describeNegativeSampler('topKPool of all', () => topKPool({ poolSize: 1000 }));
describeNegativeSampler('topKPool of three', () => topKPool({ poolSize: 3 }), atMost(3));
describeNegativeSampler(
  'topKPool by rank',
  () => topKPool({ poolSize: 4, weighting: 'rank' }),
  atMost(4),
);
describeNegativeSampler('topKPool by softmax', () =>
  mildly(topKPool({ poolSize: 1000, weighting: { temperature: 0.8 } })),
);

test('draws only from the best-scored items that are not excluded', () => {
  //                    item:  0    1    2    3    4
  const batch = oneRow([0.9, 0.1, 0.8, 0.7, 0.2], [0]);
  const { items, logProbabilities } = topKPool({ poolSize: 2 }).sample(batch, 2, seededRandom(1));

  expect(items.sort()).toEqual(Int32Array.of(2, 3));
  expectAllClose(logProbabilities, [Math.log(1 / 2), Math.log(1 / 2)]);
});

test('a softmax pool has the probabilities of a softmax over the pool', () => {
  const sampler = topKPool({ poolSize: 3, weighting: { temperature: 0.5 } });

  // The pool is 2, 1 and 0: exp(4), exp(2), exp(0) over their sum, 54.598 + 7.389 + 1 = 62.987.
  expectAllClose(probabilities(sampler, oneRow([1, -1, 2, 0])), [0.11731, 0, 0.86681, 0.01588], {
    absolute: 1e-5,
  });
});

test('ranks weigh 1, 1/2, 1/3', () => {
  const sampler = topKPool({ poolSize: 3, weighting: 'rank' });

  // 1 + 1/2 + 1/3 = 11/6. Of the equal ones, the lower index has the better rank.
  expectAllClose(probabilities(sampler, oneRow([5, 1, 5, 7, 0])), [3 / 11, 0, 2 / 11, 6 / 11, 0]);
});

test('confidence weighs items by how surely they are negatives', () => {
  const sampler = topKPool({ poolSize: 3, weighting: { confidence: [0.1, 0.1, 0.5, 0.5, 0.1] } });

  // Of 5 allowed items the pool's have F = 1, 0.8 and 0.6 (items 3, 0 and 2). Their confidences are
  // 0, 0.2·0.9 / (0.2·0.9 + 0.8·0.1) = 9/13, and 0.4·0.5 / (0.4·0.5 + 0.6·0.5) = 2/5.
  const total = 9 / 13 + 2 / 5;
  expectAllClose(probabilities(sampler, oneRow([5, 1, 4, 7, 0])), [
    9 / 13 / total,
    0,
    2 / 5 / total,
    0,
    0,
  ]);
});

test.each(golden.softmax)('softmax of $poolSize at $temperature is that of SciPy', (expected) => {
  const { poolSize, temperature, logProbabilities } = expected;

  expectGolden(topKPool({ poolSize, weighting: { temperature } }), logProbabilities);
});

test.each(golden.rank)(
  'rank weights of $poolSize, $rankExponent are those of SciPy',
  (expected) => {
    const { poolSize, rankExponent, logProbabilities } = expected;

    expectGolden(topKPool({ poolSize, weighting: { rankExponent } }), logProbabilities);
  },
);

test('a pool of one is the hardest item', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      const pool = logarithms(topKPool({ poolSize: 1 }), batch);

      expect(pool).toEqual(logarithms(hardest(), batch));
    }),
  );
});

test('a pool of everything is uniform', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      const { itemCount } = batch;
      const pool = topKPool({ poolSize: { share: 1 } });

      expect(logarithms(pool, batch)).toEqual(logarithms(uniform({ itemCount }), batch));
    }),
  );
});

test('a temperature goes from the hardest item to uniform', () => {
  const batch = oneRow([0.5, 3, -2, 2.9]);
  const at = (temperature: number) =>
    probabilities(topKPool({ poolSize: 3, weighting: { temperature } }), batch);

  expectAllClose(at(1e-30), [0, 1, 0, 0]);
  expectAllClose(at(1e30), [1 / 3, 1 / 3, 0, 1 / 3]);
});

test('a rank exponent of 0 is uniform, a large one the hardest item', () => {
  const batch = oneRow([0.5, 3, -2, 2.9]);
  const at = (rankExponent: number) =>
    probabilities(topKPool({ poolSize: 3, weighting: { rankExponent } }), batch);

  expectAllClose(at(0), [1 / 3, 1 / 3, 0, 1 / 3]);
  expectAllClose(at(200), [0, 1, 0, 0]);
});

test('infinite scores share everything, and finite ones follow when they are gone', () => {
  const batch = oneRow([1, Infinity, 2, Infinity, -Infinity]);
  const sampler = topKPool({ poolSize: 5, weighting: { temperature: 1 } });

  expectAllClose(probabilities(sampler, batch), [0, 0.5, 0, 0.5, 0]);
  expectAllClose(probabilities(sampler, oneRow([-Infinity, -Infinity])), [0.5, 0.5]);
  const orders = tally(sampler, batch, 5);
  expect([...orders.keys()].every((order) => /^[13],[13],[02],[02],4$/.test(order))).toBe(true);
  // Of the finite ones, 2 comes before 0 with the odds e : 1.
  const odds = [...orders].map(([order, count]) =>
    /^.,.,2/.test(order) ? [count, 0] : [0, count],
  );
  const counts = [0, 1].map((which) => odds.reduce((sum, pair) => sum + pair[which]!, 0));
  const later = 1 / (1 + Math.E);
  expect(chiSquareExcess(counts, [1 - later, later])).toBeLessThan(1);
});

test('items whose weights vanish beside the first are drawn by their own weights', () => {
  const sampler = topKPool({ poolSize: 3, weighting: { temperature: 1 } });
  // Relative to 1000, the others weigh exp(-1000) = 0; to each other, 1 : e.
  const orders = tally(sampler, oneRow([0, 1000, 1]), 3);

  const later = 1 / (1 + Math.E);
  expect(
    chiSquareExcess([orders.get('1,2,0') ?? 0, orders.get('1,0,2') ?? 0], [1 - later, later]),
  ).toBeLessThan(1);
});

test('draws every order equally often', () => {
  const orders = tally(topKPool({ poolSize: 3 }), oneRow([0, 0, 0]), 3);

  expect(orders.size).toBe(6);
  expect(chiSquareExcess([...orders.values()], Array(6).fill(1 / 6))).toBeLessThan(1);
});

test.each<PoolWeighting>(['uniform', 'rank', { temperature: 1 }, { confidence: 0.1 }])(
  'every row takes as many random numbers as draws, weighted %j',
  (weighting) => {
    let taken = 0;
    const random = () => ((taken++ * 7) % 10) / 10;
    topKPool({ poolSize: 3, weighting }).sample(fixedBatch({ roomy: true }), 3, random);

    expect(taken).toBe(5 * 3);
  },
);

test('a share is rounded, and never nothing', () => {
  const sizeOf = (share: number, itemCount: number) => {
    const logs = logarithms(topKPool({ poolSize: { share } }), oneRow(Array(itemCount).fill(0)));
    return logs.filter((value) => value > -Infinity).length;
  };

  expect(sizeOf(0.07, 100)).toBe(7); // 0.07 · 100 is above 7 in floating point
  expect(sizeOf(0.24, 10)).toBe(2);
  expect(sizeOf(0.26, 10)).toBe(3);
  expect(sizeOf(0.01, 10)).toBe(1);
});

test('pool sizes and temperatures may follow the step', () => {
  const batch = oneRow([3, 2, 1, 0]);
  const sampler = topKPool({
    poolSize: (step) => 4 - 1.1 * step, // 4, 2.9, 1.8, rounded
    weighting: { temperature: (step) => 2 ** step },
  });

  // exp(3/τ) and so on, over their sum: τ is 2 at step 1, 4 at step 2.
  const [a, b] = [Math.exp(-1 / 2), Math.exp(-1 / 4)];
  expectAllClose(probabilities(sampler, { ...batch, step: 1 }), [
    1 / (1 + a + a * a),
    a / (1 + a + a * a),
    (a * a) / (1 + a + a * a),
    0,
  ]);
  expectAllClose(probabilities(sampler, { ...batch, step: 2 }), [1 / (1 + b), b / (1 + b), 0, 0]);
  expect(logarithms(sampler, batch)).toEqual(logarithms(sampler, { ...batch, step: 0 }));
  expect(() => logarithms(sampler, { ...batch, step: 4 })).toThrow(
    /^poolSize must be at least 1 at every step, got -0.4\d* at step 4$/,
  );
});

test.each([0, -1, 1.5, Number.NaN])('rejects poolSize %d', (poolSize) => {
  expect(() => topKPool({ poolSize })).toThrow(
    new RangeError(`poolSize must be a positive integer, got ${poolSize}`),
  );
});

test.each([0, 1.1, Number.NaN])('rejects share %d', (share) => {
  expect(() => topKPool({ poolSize: { share } })).toThrow(/^share must be above 0 and at most 1/);
});

test.each<[PoolWeighting, RegExp]>([
  [{ temperature: 0 }, /^temperature must be positive and finite, got 0/],
  [{ temperature: Infinity }, /^temperature must be positive and finite, got Inf/],
  [{ rankExponent: Number.NaN }, /^rankExponent must be finite, got NaN/],
  [{ confidence: 1.5 }, /^prior must be from 0 to 1, got 1.5/],
  [{ confidence: [0, Number.NaN] }, /^prior must be from 0 to 1, got NaN/],
])('rejects the weighting %j', (weighting, message) => {
  expect(() => topKPool({ poolSize: 1, weighting })).toThrow(message);
});

test('rejects on use what only then is known', () => {
  const batch = oneRow([1, 2, 3]);
  const { scores, ...withoutScores } = batch;
  const use = (given: SamplingBatch, weighting: PoolWeighting = 'uniform') =>
    topKPool({ poolSize: 1, weighting }).sample(given, 1, Math.random);

  expect(() => use(withoutScores)).toThrow(/^This sampler needs the scores of the batch, got none/);
  expect(() => use({ ...listsBatch(2), scores })).toThrow(/^scores must have one element for/);
  expect(() => use(batch, { temperature: () => -1 })).toThrow(/^temperature must be positive/);
  expect(() => use(batch, { confidence: [0.1] })).toThrow(/^prior must have one element per item/);
});

function listsBatch(rowCount: number): SamplingBatch {
  return { rowCount, excluded: listsOf(Array(rowCount).fill([])) };
}

/** How often each order of `count` draws comes in 12,000. */
function tally(sampler: NegativeSampler, batch: SamplingBatch, count: number): Map<string, number> {
  const random = seededRandom(42);
  const orders = new Map<string, number>();
  for (let draw = 0; draw < 12_000; draw++) {
    const order = sampler.sample(batch, count, random).items.join();
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  return orders;
}
