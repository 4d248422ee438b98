import { fillUniform } from '@rodpo/random';
import { drawFromPool, type PoolWeighting } from '@rodpo/samplers/tfjs';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyNoise, chiSquare, evaluate, extremes, repeated, sweep, tally } from './tfjs.ts';
import { describeInStep } from './tfjs-step-contract.ts';

interface Row {
  readonly items: readonly number[];
  readonly scores: readonly number[];
  readonly excluded: readonly number[];
}

function drawEach(
  { items, scores, excluded }: Row,
  noise: readonly (readonly number[])[],
  options: { poolSize: number; skip?: number; weighting: PoolWeighting },
) {
  return tf.tidy(() => {
    const rows = noise.length;
    const uniform = tf.tensor2d(noise.flat(), [rows, noise[0]!.length]);
    const table = tf.tile(tf.tensor2d([...scores], [1, scores.length]), [rows, 1]);
    const [candidates, barred] = [
      { items: repeated(items, rows), scores: table },
      repeated(excluded, rows),
    ];
    return evaluate(() => drawFromPool(candidates, barred, uniform, options));
  });
}

/** The pool's items and their shares, by the definition. */
function poolOf(row: Row, poolSize: number, weighting: PoolWeighting, skip = 0) {
  const allowed = row.items.flatMap((item, index) =>
    row.excluded.includes(item) ? [] : [{ item, score: row.scores[index]! }],
  );
  const pool = allowed.slice(skip, skip + poolSize);
  const best = Math.max(...pool.map(({ score }) => score));
  const weights = pool.map(({ score }, index) => {
    if (weighting === 'uniform') return 1;
    if (weighting === 'rank') return 1 / (index + 1);
    return 'temperature' in weighting
      ? Math.exp((score - best) / weighting.temperature)
      : (index + 1) ** -weighting.rankExponent;
  });
  const total = weights.reduce((a, b) => a + b);
  return { items: pool.map(({ item }) => item), shares: weights.map((weight) => weight / total) };
}

const weightings: PoolWeighting[] = [
  'uniform',
  'rank',
  { rankExponent: 0.5 },
  { temperature: 0.7 },
];

describe.each(weightings)('weighting %j', (weighting) => {
  describeInStep(
    'drawFromPool',
    ({ items, scores, excluded, noise }) => {
      const candidates = { items: items!, scores: scores! };
      return drawFromPool(candidates, excluded!, noise!, { poolSize: 4, skip: 1, weighting });
    },
    {
      items: { dtype: 'int32', shape: [2, 7], data: [3, 1, 4, 5, 9, 2, 6, 6, 5, 4, 3, 2, 1, 0] },
      scores: {
        dtype: 'float32',
        shape: [2, 7],
        data: [3, 2, 1, 1, 0, -1, -2, 9, 8, 7, 4, 3, 1, 0],
      },
      excluded: { dtype: 'int32', shape: [2, 2], data: [1, 3, 99, 4] },
      noise: { dtype: 'float32', shape: [2, 3], data: anyNoise(6, 6) },
    },
  );

  const row: Row = { items: [8, 3, 5, 0, 7, 2], scores: [2.5, 2, 1.5, 1, 1, -1], excluded: [3, 7] };

  test('gives each item of the pool its share of the noise, and says it', () => {
    const points = sweep(1000).map((u) => [u]);
    const drawn = drawEach(row, points, { poolSize: 3, weighting });
    const { items, shares } = poolOf(row, 3, weighting);

    expect(items).toEqual([8, 5, 0]);
    const counts = tally(drawn.items, 10);
    for (const [index, item] of items.entries()) {
      // An interval holds as many of the evenly spaced points as its length says, but for one.
      expect(Math.abs(counts[item]! - 1000 * shares[index]!)).toBeLessThan(1);
    }
    const expected = drawn.items.map((item) => Math.log(shares[items.indexOf(item)]!));
    expectAllClose(drawn.logProbabilities, expected);
  });

  test('draws pairs as often as one after another without putting back', () => {
    const noise = fillUniform(new Float32Array(12_000), 7);
    const points = Array.from({ length: 6000 }, (_, index) => [
      noise[2 * index]!,
      noise[2 * index + 1]!,
    ]);
    const { items } = drawEach(row, points, { poolSize: 4, weighting });
    const { items: pool, shares } = poolOf(row, 4, weighting);
    const weights = pool.flatMap((_, a) =>
      pool.map((_, b) => (a === b ? 0 : (shares[a]! * shares[b]!) / (1 - shares[a]!))),
    );
    const pairs = points.map((_, draw) => {
      return pool.indexOf(items[2 * draw]!) * 4 + pool.indexOf(items[2 * draw + 1]!);
    });
    // 12 pairs: mean 11, standard deviation √22 = 4.7; 4 of those allowed.
    expect(chiSquare(tally(pairs, 16), weights)).toBeLessThan(11 + 4 * 4.7);
  });

  test('never draws an excluded item, nor one outside the pool, nor one twice', () => {
    const anyRow = fc
      .record({
        items: fc.shuffledSubarray([...Array(9).keys()], { minLength: 2 }),
        scores: fc.array(fc.integer({ min: -120, max: 120 }), { minLength: 9, maxLength: 9 }),
        noise: fc.array(fc.constantFrom(...extremes), { minLength: 1, maxLength: 3 }),
      })
      .chain(({ items, scores, noise }) =>
        fc.record({
          // Any order of scores: topItems sorts them, but nothing here relies on it.
          row: fc.record({
            items: fc.constant(items),
            scores: fc.constant(scores.slice(0, items.length)),
            excluded: fc.subarray(items, { maxLength: Math.max(0, items.length - 3) }),
          }),
          noise: fc.constant(noise),
          poolSize: fc.integer({ min: 3, max: 9 }),
          skip: fc.nat(2),
        }),
      );

    fc.assert(
      fc.property(anyRow, ({ row, noise, poolSize, skip }) => {
        fc.pre(row.items.length - row.excluded.length - skip >= noise.length);
        const { items: pool, shares } = poolOf(row, poolSize, weighting, skip);
        const drawn = drawEach(row, [noise], { poolSize, skip, weighting });

        expect(new Set(drawn.items).size).toBe(noise.length);
        for (const [index, item] of drawn.items.entries()) {
          expect(pool).toContain(item);
          const expected = Math.log(shares[pool.indexOf(item)]!);
          expectAllClose([drawn.logProbabilities[index]!], [expected], { absolute: 1e-5 });
        }
      }),
      { numRuns: 300 },
    );
  });
});

test('a cold pool gives the best one, a hot one every item', () => {
  const row: Row = { items: [4, 1, 3], scores: [3, 2, 2], excluded: [9] };
  const points = sweep(3).map((u) => [u]);
  const at = (temperature: number) =>
    drawEach(row, points, { poolSize: 3, weighting: { temperature } }).items;

  expect(at(1e-3)).toEqual([4, 4, 4]);
  expect(at(1e6)).toEqual([4, 1, 3]);
});

test('noise that rounds to 1 draws no item whose weight underflows', () => {
  const row: Row = { items: [4, 1, 3], scores: [0, -1000, -1000], excluded: [9] };
  const options = { poolSize: 2, weighting: { temperature: 1 } };

  expect(drawEach(row, [[1 - 2 ** -32]], options).items).toEqual([4]);
});

test('weights that underflow still give distinct items, with finite logarithms', () => {
  const row: Row = { items: [4, 1, 3], scores: [0, -1000, -2000], excluded: [9] };
  const drawn = drawEach(row, [[0.5, 0.5]], { poolSize: 3, weighting: { temperature: 1 } });

  expect(drawn.items).toEqual([4, 1]);
  expectAllClose(drawn.logProbabilities, [0, -1000]);
});

/** Ordered triples of a pool of four, and how likely they are by Plackett and Luce's rule, in double precision. */
function triples(logs: readonly number[]) {
  const share = (place: number, left: readonly number[]) => {
    const greatest = Math.max(...left.map((other) => logs[other]!));
    const weight = (other: number) => Math.exp(logs[other]! - greatest);
    return weight(place) / left.reduce((sum, other) => sum + weight(other), 0);
  };
  const all = [...logs.keys()];
  return all.flatMap((a) => {
    const [afterA, first] = [all.filter((one) => one !== a), share(a, all)];
    return afterA.flatMap((b) => {
      const afterB = afterA.filter((one) => one !== b);
      const second = first * share(b, afterA);
      return afterB.map((c) => ({ drawn: [a, b, c], probability: second * share(c, afterB) }));
    });
  });
}

// The second and third are nearly alike, and far behind the first: float32 holds nothing below e^-103.
const scores = [250, 100, 99, -50];
const farBehind: [PoolWeighting, readonly number[], readonly number[]][] = [
  [{ temperature: 1 }, scores, scores],
  [{ temperature: 0.1 }, scores.map((score) => score / 10), scores],
  [{ rankExponent: 200 }, [5, 4, 3, 2], [1, 2, 3, 4].map((place) => -200 * Math.log(place))],
];

test.each(farBehind)(
  'by %j what is far behind is drawn by what it weighs',
  (weighting, of, logs) => {
    const noise = fillUniform(new Float32Array(12_000), 3);
    const points = Array.from({ length: 4000 }, (_, at) => [...noise.subarray(3 * at, 3 * at + 3)]);
    const row: Row = { items: [0, 1, 2, 3, 4], scores: [...of, -99], excluded: [9] };
    const { items } = drawEach(row, points, { poolSize: 4, weighting });
    const found = new Map<string, number>();
    for (const at of points.keys()) {
      const drawn = items.slice(3 * at, 3 * at + 3).join();
      found.set(drawn, (found.get(drawn) ?? 0) + 1 / points.length);
    }

    for (const { drawn, probability } of triples(logs)) {
      // Four standard deviations of a share of so many draws, at most.
      const allowed = 4 * Math.sqrt((probability * (1 - probability)) / points.length);
      const share = found.get(drawn.join()) ?? 0;
      expect(Math.abs(share - probability), drawn.join()).toBeLessThanOrEqual(allowed + 1e-6);
    }
  },
);

describe.each(weightings)('by %j', (weighting) => {
  test('a row that scores of −Infinity leave too few is not valid', () => {
    const made = tf.tidy(() => {
      const items = tf.tensor2d([3, 4, 5, 3, 4, 5, 3, 4, 5], [3, 3], 'int32');
      const nothing = Number.NEGATIVE_INFINITY;
      const left = [2, 1, nothing, 2, nothing, nothing, nothing, nothing, nothing];
      const candidates = { items, scores: tf.tensor2d(left, [3, 3]) };
      const [barred, noise] = [tf.zeros([3, 1], 'int32'), tf.fill([3, 2], 0.999)];
      return evaluate(() => drawFromPool(candidates, barred, noise, { poolSize: 2, weighting }));
    });

    expect(made.valid).toEqual([1, 0, 0]);
    expect([...made.items.slice(0, 2)].sort()).toEqual([3, 4]);
    expect(made.items.slice(2)).toEqual([0, 0, 0, 0]);
    expect(made.logProbabilities.slice(0, 2).every(Number.isFinite)).toBe(true);
    expect(made.logProbabilities.slice(2)).toEqual([0, 0, 0, 0]);
  });
});

test.each([
  { temperature: 0 },
  { temperature: Number.NaN },
  { temperature: Infinity },
  { rankExponent: -1 },
  { rankExponent: Infinity },
  'softmax',
  {},
] as PoolWeighting[])('rejects weighting %j', (weighting) => {
  const row: Row = { items: [4, 1, 3], scores: [3, 2, 2], excluded: [9] };

  expect(() => drawEach(row, [[0]], { poolSize: 2, weighting })).toThrow(
    new RangeError(
      "weighting must be 'uniform', 'rank', { temperature } above 0 or { rankExponent } from 0, " +
        `got ${JSON.stringify(weighting)}`,
    ),
  );
});
