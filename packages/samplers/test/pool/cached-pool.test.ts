import { seededRandom } from '@rodpo/random';
import { cachedPool, type PoolWeighting, topKPool } from '@rodpo/samplers';
import { expectAllClose } from '@rodpo/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyBatch, type ContractBatch, excludedItems, fixedBatch, listsOf } from '../any-batch.ts';
import { describeNegativeSampler } from '../negative-sampler-contract.ts';
import { logarithms, ranking, rowsOf } from './oracle.ts';

/** The pool of the first row of the same key, without what this row excludes. */
function kept(poolSize: number) {
  return (batch: ContractBatch, row: number): number => {
    const first = batch.keys.indexOf(batch.keys[row]!);
    const excluded = excludedItems(batch, row);
    return ranking(batch, first)
      .slice(0, poolSize)
      .filter((item) => !excluded.has(item)).length;
  };
}

describeNegativeSampler(
  'cachedPool',
  () => cachedPool({ keyCount: 5, poolSize: 4, refreshEvery: 10 }),
  { available: kept(4), stateful: true },
);
describeNegativeSampler(
  'cachedPool by rank',
  () => cachedPool({ keyCount: 5, poolSize: 50, refreshEvery: 1, weighting: 'rank' }),
  { available: kept(50), stateful: true },
);

/** Two rows of keys 0 and 2 over five items, at a step. */
function batchAt(step: number, scores: number[][], excluded: number[][] = [[], []]) {
  return {
    rowCount: 2,
    keys: Int32Array.of(2, 0),
    scores: Float32Array.from(scores.flat()),
    excluded: listsOf(excluded),
    step,
  };
}
const rising = [0, 1, 2, 3, 4];
const falling = [4, 3, 2, 1, 0];

test('a pool is kept until it is refreshEvery steps old', () => {
  const sampler = cachedPool({ keyCount: 3, poolSize: 2, refreshEvery: 3 });
  const pools = (step: number, scores: number[][]) =>
    [...logarithms(sampler, batchAt(step, scores)).entries()]
      .filter(([, value]) => value > -Infinity)
      .map(([index]) => index % 5);

  expect(pools(5, [rising, falling])).toEqual([3, 4, 0, 1]);
  expect(pools(6, [falling, rising])).toEqual([3, 4, 0, 1]);
  expect(pools(7, [falling, rising])).toEqual([3, 4, 0, 1]);
  expect(pools(8, [falling, rising])).toEqual([0, 1, 3, 4]);
  expect(pools(4, [rising, falling])).toEqual([3, 4, 0, 1]); // a run that starts again
});

test('what a row excludes is left out of a kept pool', () => {
  const sampler = cachedPool({ keyCount: 3, poolSize: 3, refreshEvery: 9 });
  sampler.sample(batchAt(0, [rising, falling]), 1, Math.random); // pools 2 3 4 and 0 1 2
  const later = batchAt(1, [rising, falling], [[3, 4, -1, 99], [4]]);

  // The pool of the first row does not go on to item 1 instead: that would need its score.
  const [none, third] = [-Infinity, Math.log(1 / 3)];
  expectAllClose(logarithms(sampler, later), [
    ...[none, none, 0, none, none],
    ...[third, third, third, none, none],
  ]);
  expect(() => sampler.sample(later, 2, Math.random)).toThrow(
    expect.objectContaining({ name: 'PoolTooSmallError', available: 1, requested: 2, row: 0 }),
  );
});

test('weights are those of the scores when the pool was computed', () => {
  const weighting: PoolWeighting = { temperature: 1 };
  const sampler = cachedPool({ keyCount: 3, poolSize: 3, refreshEvery: 9, weighting });
  sampler.sample(batchAt(0, [rising, falling]), 1, Math.random);
  const later = batchAt(1, [falling, rising], [[3], []]);

  // Of 2, 3 and 4 the row leaves 2 and 4: exp(2) to exp(4). Of 0, 1 and 2: exp(4), exp(3), exp(2).
  const e = Math.E;
  expectAllClose(logarithms(sampler, later).map(Math.exp), [
    ...[0, 0, 1 / (1 + e * e), 0, (e * e) / (1 + e * e)],
    ...[e * e, e, 1, 0, 0].map((weight) => weight / (e * e + e + 1)),
  ]);
});

test.each<PoolWeighting>(['uniform', 'rank', { temperature: 0.5 }, { confidence: 0.2 }])(
  'refreshed at every step it draws what topKPool draws, weighted %j',
  (weighting) => {
    fc.assert(
      fc.property(anyBatch, fc.integer({ min: 1, max: 8 }), fc.nat(), (batch, poolSize, seed) => {
        const keys = Int32Array.from(rowsOf(batch)); // none twice
        const cached = cachedPool({ keyCount: 5, poolSize, refreshEvery: 1, weighting });
        const fresh = topKPool({ poolSize, weighting });
        const least = Math.min(...rowsOf(batch).map((row) => ranking(batch, row).length), poolSize);
        for (const step of [3, 4]) {
          const next = {
            ...batch,
            keys,
            step,
            scores: step === 3 ? batch.scores : batch.scores.toReversed(),
          };
          expect(cached.sample(next, least, seededRandom(seed))).toEqual(
            fresh.sample(next, least, seededRandom(seed)),
          );
          expect(logarithms(cached, next)).toEqual(logarithms(fresh, next));
        }
      }),
    );
  },
);

test('tells which rows are due, and reads the scores of no others', () => {
  const sampler = cachedPool({ keyCount: 4, poolSize: 2, refreshEvery: 2 });
  const batch = {
    rowCount: 5,
    keys: Int32Array.of(3, 1, 3, 0, 1),
    excluded: listsOf([[], [], [], [], []]),
    step: 0,
  };
  expect(sampler.due(batch)).toEqual(Int32Array.of(0, 1, 3)); // the first row of each key
  const scores = new Float32Array(5 * 6).fill(Number.NaN);
  for (const row of sampler.due(batch)) scores.fill(row, row * 6, (row + 1) * 6);
  sampler.sample({ ...batch, scores }, 2, Math.random);

  expect(sampler.due({ ...batch, step: 1 })).toEqual(new Int32Array(0));
  expect(sampler.sample({ ...batch, step: 1 }, 2, Math.random).items).toHaveLength(10);
  expect(sampler.due({ ...batch, step: 2 })).toEqual(Int32Array.of(0, 1, 3));
  expect(sampler.due({ ...batch, keys: Int32Array.of(3, 2, 2, 2, 0), step: 1 })).toEqual(
    Int32Array.of(1),
  );
  expect(() => sampler.sample({ ...batch, step: 2 }, 2, Math.random)).toThrow(
    /^This sampler needs the scores/,
  );
});

test.each<PoolWeighting>(['uniform', 'rank'])(
  'goes on from a loaded state as if it had never stopped, weighted %j',
  (weighting) => {
    const options = { keyCount: 3, poolSize: 2, refreshEvery: 5, weighting };
    const first = cachedPool(options);
    first.sample(batchAt(0, [rising, falling]), 1, Math.random);
    const saved = first.state();
    const second = cachedPool(options);
    second.load(structuredClone(saved));
    const next = batchAt(3, [falling, rising], [[4], []]);

    expect(second.due(next)).toEqual(new Int32Array(0));
    expect(second.sample(next, 1, seededRandom(1))).toEqual(first.sample(next, 1, seededRandom(1)));
    expect(logarithms(second, next)).toEqual(logarithms(first, next));
    // What was saved is a copy: refreshing leaves it alone.
    first.sample(batchAt(9, [falling, rising]), 1, Math.random);
    expect(second.state()).toEqual(saved);
    expect(first.state()).not.toEqual(saved);
  },
);

test('a state holds pools in ascending order, filled up with −1', () => {
  const sampler = cachedPool({ keyCount: 3, poolSize: 3, refreshEvery: 5 });
  sampler.sample(batchAt(7, [rising, falling], [[0, 1, 2], []]), 1, Math.random);

  expect(sampler.state()).toEqual({
    items: Int32Array.of(0, 1, 2, -1, -1, -1, 3, 4, -1),
    logits: new Float64Array(0),
    refreshedAt: Int32Array.of(7, -1, 7),
  });
});

test('rejects a state of other options', () => {
  const options = { keyCount: 3, poolSize: 2, refreshEvery: 5 };
  const state = cachedPool(options).state();

  expect(() => cachedPool({ ...options, poolSize: 3 }).load(state)).toThrow(
    /^items must have 9 elements, .* got 6$/,
  );
  expect(() => cachedPool({ ...options, weighting: 'rank' }).load(state)).toThrow(
    /^logits must have 6 elements, .* got 0$/,
  );
});

test.each(['keyCount', 'poolSize', 'refreshEvery'])('rejects %s 0', (name) => {
  const options = { keyCount: 1, poolSize: 1, refreshEvery: 1, [name]: 0 };

  expect(() => cachedPool(options)).toThrow(
    new RangeError(`${name} must be a positive integer, got 0`),
  );
});

test('rejects keys that are missing, too few or out of range, and a step that is none', () => {
  const sampler = cachedPool({ keyCount: 3, poolSize: 2, refreshEvery: 5 });
  const { keys, ...withoutKeys } = fixedBatch();
  const use = (batch: Parameters<typeof sampler.sample>[0]) => () =>
    sampler.sample(batch, 1, Math.random);

  expect(use(withoutKeys)).toThrow(/^This sampler needs the keys of the batch, got none/);
  expect(use({ ...withoutKeys, keys: keys.subarray(1) })).toThrow(/^keys must have one element/);
  expect(use({ ...withoutKeys, keys })).toThrow(/^keys must be from 0 to 2, got 3 in row 3/);
  const low = new Int32Array(5);
  expect(use({ ...withoutKeys, keys: low, step: 0.5 })).toThrow(/^step must be an integer from 0/);
  expect(() => sampler.due({ ...withoutKeys, keys: low.fill(-1) })).toThrow(/got -1 in row 0/);
});
