import { fillUniform } from '@rodpo/random';
import { drawFromPool, type PoolOptions, topItems } from '@rodpo/samplers/tfjs';
import { expectAllClose } from '@rodpo/testing';
import { loop } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  almostOne,
  anyNoise,
  chiSquare,
  evaluate,
  extremes,
  repeated,
  sweep,
  tally,
} from './tfjs.ts';
import { describeInStep } from './tfjs-step-contract.ts';

interface Row {
  readonly candidates: readonly number[];
  readonly excluded: readonly number[];
}

type Options = Omit<PoolOptions, 'poolSize'>;

/** Draws for each element of `noise`, as often as it has numbers, each time from the same row. */
function drawEach(
  { candidates, excluded }: Row,
  noise: readonly (readonly number[])[],
  poolSize: number,
  options: Options = {},
) {
  return tf.tidy(() => {
    const uniform = tf.tensor2d(noise.flat(), [noise.length, noise[0]!.length]);
    const items = repeated(candidates, noise.length);
    const [best, barred] = [
      { items, scores: tf.zeros(items.shape) },
      repeated(excluded, noise.length),
    ];
    return evaluate(() => drawFromPool(best, barred, uniform, { ...options, poolSize }));
  });
}

const draw = (row: Row, noise: readonly number[], poolSize: number, options?: Options) =>
  drawEach(
    row,
    noise.map((u) => [u]),
    poolSize,
    options,
  ).items;

const itemCount = 12;

/** Fillers below and above the items, duplicates, any order, from none to all but one candidate. */
const anyRow: fc.Arbitrary<Row> = fc
  .shuffledSubarray([...Array(itemCount).keys()], { minLength: 1 })
  .chain((candidates) =>
    fc.record({
      candidates: fc.constant(candidates),
      excluded: fc.array(fc.integer({ min: -1, max: itemCount }), {
        maxLength: candidates.length - 1,
      }),
    }),
  );
const anyPoolSize = fc.integer({ min: 1, max: itemCount + 2 });

const allowedOf = ({ candidates, excluded }: Row) =>
  candidates.filter((item) => !excluded.includes(item));

const given = {
  items: {
    dtype: 'int32',
    shape: [3, 6],
    data: [0, 1, 2, 3, 4, 5, 5, 3, 1, 0, 2, 4, 9, 8, 7, 6, 5, 4],
  },
  scores: { dtype: 'float32', shape: [3, 6], data: fillUniform(new Float32Array(18), 4) },
  excluded: { dtype: 'int32', shape: [3, 2], data: [0, 2, 5, 4, 99, 99] },
  noise: { dtype: 'float32', shape: [3], data: anyNoise(3, 1) },
  size: { dtype: 'int32', shape: [], data: [3] },
} as const;
describeInStep(
  'drawFromPool',
  ({ items, scores, excluded, noise, size }) =>
    drawFromPool({ items: items!, scores: scores! }, excluded!, noise!, { poolSize: size! }),
  given,
);
describeInStep(
  'drawFromPool of several',
  ({ items, scores, excluded, noise }) =>
    drawFromPool({ items: items!, scores: scores! }, excluded!, noise!, { poolSize: 3, skip: 1 }),
  {
    ...given,
    noise: { dtype: 'float32', shape: [3, 3], data: anyNoise(9, 8) },
  },
);

describeInStep(
  'drawFromPool without exclusions',
  ({ items, scores, excluded, noise }) =>
    drawFromPool({ items: items!, scores: scores! }, excluded!, noise!, { poolSize: 3 }),
  { ...given, excluded: { dtype: 'int32', shape: [3, 0], data: [] } },
);

describe('one draw per row', () => {
  test('draws from the best that are not excluded', () => {
    const row = { candidates: [7, 2, 9, 4, 0], excluded: [2, 0] };

    expect(draw(row, [0, 0.4, 0.6, 0.99], 2)).toEqual([7, 7, 9, 9]);
    expect(draw(row, [0, 0.4, 0.6, 0.99], 1)).toEqual([7, 7, 7, 7]);
    expect(draw(row, [0, 0.4, 0.6, 0.99], 2, { skip: 1 })).toEqual([9, 9, 4, 4]);
    expect(draw(row, [0, 0.99], 1, { skip: 2 })).toEqual([4, 4]); // the third best
  });

  test('sees to each row by its own lists', () => {
    const items = tf.tensor2d([0, 1, 2, 2, 1, 0, 2, 1, 0], [3, 3], 'int32');
    const excluded = tf.tensor2d([0, 2, 9], [3, 1], 'int32');
    const noise = tf.tensor1d([0, 0.9, 0.9]);
    const candidates = { items, scores: tf.zeros([3, 3]) };

    const made = evaluate(() => drawFromPool(candidates, excluded, noise, { poolSize: 3 }));
    expect(made.items).toEqual([1, 0, 0]);
    // Of 3 candidates, the first two rows exclude one.
    expectAllClose(made.logProbabilities, [-Math.log(2), -Math.log(2), -Math.log(3)]);
  });

  test('gives every item of the pool equally often, and no other', () => {
    fc.assert(
      fc.property(anyRow, anyPoolSize, fc.nat(3), (row, poolSize, wanted) => {
        const skip = Math.min(wanted, row.candidates.length - row.excluded.length - 1);
        const pool = allowedOf(row).slice(skip, skip + poolSize); // what is left, if that is less
        const points = sweep(2 * pool.length).map((u) => [u]);

        const drawn = drawEach(row, points, poolSize, { skip });
        expect(drawn.items).toEqual(pool.flatMap((item) => [item, item]));
        expectAllClose(
          drawn.logProbabilities,
          points.map(() => -Math.log(pool.length)),
        );
        for (const item of draw(row, extremes, poolSize, { skip })) expect(pool).toContain(item);
      }),
      { numRuns: 300 },
    );
  });

  test('a pool of one is the best that is allowed, whatever the noise', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const drawn = draw(row, extremes, 1);

        expect(drawn).toEqual(extremes.map(() => allowedOf(row)[0]));
      }),
    );
  });

  test('draws uniformly from uniform noise', () => {
    const row = { candidates: [...Array(40).keys()], excluded: [3, 8, 39, 40] };
    const drawn = draw(row, [...fillUniform(new Float32Array(8000), 5)], 20);

    const pool = allowedOf(row).slice(0, 20);
    const weights = tally(pool, 40);
    // 19 degrees of freedom: mean 19, standard deviation √38 = 6.2; 4 of those allowed.
    expect(chiSquare(tally(drawn, 40), weights)).toBeLessThan(19 + 4 * 6.2);
  });

  test('stays in the pool just below 1', () => {
    const row = { candidates: [...Array(11).keys()], excluded: [10] };

    for (let poolSize = 1; poolSize <= 10; poolSize++) {
      const largest = [almostOne, 1 - 2 ** -32]; // the second is 1 in float32
      expect(draw(row, largest, poolSize)).toEqual([poolSize - 1, poolSize - 1]);
    }
  });
});

describe('several draws per row', () => {
  test('takes one after another without putting back', () => {
    const row = { candidates: [7, 2, 9, 4, 0, 1], excluded: [2] };
    // Pool 7 9 4: the last third is 4, then the first half of 7 9 is 7, then 9 is left.
    expect(drawEach(row, [[0.7, 0.4, 0.9]], 3).items).toEqual([4, 7, 9]);
    // The first logarithm is that of one draw from the full pool, and so are the others.
    expectAllClose(
      drawEach(row, [[0.7, 0.4, 0.9]], 3).logProbabilities,
      Array(3).fill(-Math.log(3)),
    );
  });

  test('gives every order of every subset equally often', () => {
    // 4 · 3 cells of noise, one for each ordered pair of the pool 0 1 2 3.
    const cells = sweep(4).flatMap((first) => sweep(3).map((second) => [first, second]));
    const { items } = drawEach({ candidates: [9, 0, 1, 2, 3, 8], excluded: [9] }, cells, 4);

    const pairs = cells.map((_, row) => `${items[2 * row]} ${items[2 * row + 1]}`);
    expect(new Set(pairs).size).toBe(12);
    expect([...new Set(items)].sort()).toEqual([0, 1, 2, 3]);
    for (const pair of pairs) expect(pair[0]).not.toBe(pair[2]);
  });

  test('agrees with drawing from a shrinking list', () => {
    const noises = fc.array(fc.constantFrom(...extremes, ...sweep(7)), {
      minLength: 1,
      maxLength: 4,
    });

    fc.assert(
      fc.property(anyRow, anyPoolSize, noises, (row, wanted, noise) => {
        fc.pre(row.candidates.length - row.excluded.length >= noise.length);
        const poolSize = Math.max(wanted, noise.length);
        const pool = allowedOf(row).slice(0, poolSize);
        const expected = noise.map((u) => {
          const place = Math.floor(Math.fround(Math.fround(u) * pool.length));
          return pool.splice(Math.min(place, pool.length - 1), 1)[0];
        });

        expect(drawEach(row, [noise], poolSize).items).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});

test('a pool size that is a tensor is the same pool', () => {
  const row = { candidates: [7, 2, 9, 4, 0], excluded: [2] };
  const noise = [0, 0.4, 0.6, 0.99];
  const drawnFrom = (poolSize: number) =>
    tf.tidy(() => {
      const items = repeated(row.candidates, 4);
      const [barred, uniform] = [repeated(row.excluded, 4), tf.tensor1d(noise)];
      const candidates = { items, scores: tf.zeros(items.shape) };
      const size = tf.scalar(poolSize, 'int32');
      return evaluate(() => drawFromPool(candidates, barred, uniform, { poolSize: size })).items;
    });

  for (const poolSize of [1, 2, 3, 4, 9]) {
    expect(drawnFrom(poolSize)).toEqual(draw(row, noise, poolSize));
  }
  expect(drawnFrom(0)).toEqual(draw(row, noise, 1)); // as many as are drawn
});

test('holds the best of the catalogue by score', () => {
  const score = fc.integer({ min: -3, max: 3 }); // ties are common
  const scoreList = fc.array(score, { minLength: itemCount, maxLength: itemCount });
  const excludedList = fc.uniqueArray(fc.nat(itemCount - 1), { maxLength: 5 });

  fc.assert(
    fc.property(scoreList, excludedList, anyPoolSize, (scores, excluded, poolSize) => {
      const pool = [...scores.keys()]
        .filter((item) => !excluded.includes(item))
        .sort((a, b) => scores[b]! - scores[a]! || a - b)
        .slice(0, poolSize);

      const drawn = tf.tidy(() => {
        const count = Math.min(poolSize + excluded.length, itemCount);
        const options = { count, blockSize: 1, scan: loop };
        const table = tf.tensor2d(scores, [itemCount, 1]);
        const best = topItems(tf.ones([1, 1]), table, options);
        const candidates = [...best.items.dataSync()];
        return draw({ candidates, excluded }, sweep(pool.length), poolSize);
      });
      expect(drawn).toEqual(pool);
    }),
    { numRuns: 200 },
  );
});

test.each([[[2]], [[2, 1]]])('returns draws of the shape of noise %j', (shape) => {
  const candidates = { items: tf.zeros([2, 2], 'int32'), scores: tf.zeros([2, 2]) };
  const excluded = tf.ones([2, 1], 'int32');

  const drawn = drawFromPool(candidates, excluded, tf.zeros(shape), { poolSize: 1 });
  expect(drawn.items).toMatchObject({ shape, dtype: 'int32' });
  expect(drawn.logProbabilities).toMatchObject({ shape, dtype: 'float32' });
});

test.each([0, -1, 1.5, Number.NaN])('rejects poolSize %d', (poolSize) => {
  expect(() => draw({ candidates: [1, 2], excluded: [0] }, [0], poolSize)).toThrow(
    new RangeError(`poolSize must be an integer of at least 1, the draws per row, got ${poolSize}`),
  );
});

test('rejects a pool smaller than the draws', () => {
  expect(() => drawEach({ candidates: [1, 2, 3, 4], excluded: [0] }, [[0, 0, 0]], 2)).toThrow(
    new RangeError('poolSize must be an integer of at least 3, the draws per row, got 2'),
  );
});

test('rejects a poolSize tensor that is no int32 scalar', () => {
  const candidates = { items: tf.zeros([2, 2], 'int32'), scores: tf.zeros([2, 2]) };
  const draws = (poolSize: tf.Tensor) =>
    drawFromPool(candidates, tf.zeros([2, 1], 'int32'), tf.zeros([2]), { poolSize });

  expect(() => draws(tf.scalar(1))).toThrow(
    new RangeError('poolSize must be a number or an int32 scalar, got float32 []'),
  );
  expect(() => draws(tf.ones([2], 'int32'))).toThrow(RangeError);
});

test.each([-1, 0.5, Number.NaN])('rejects skip %d', (skip) => {
  expect(() => draw({ candidates: [1, 2], excluded: [0] }, [0], 1, { skip })).toThrow(
    new RangeError(`skip must be an integer from 0, got ${skip}`),
  );
});

test('rejects exclusions that could leave too few to draw', () => {
  const row = { candidates: [1, 2, 5, 6, 7], excluded: [0, 3] };

  expect(drawEach(row, [[0, 0]], 2, { skip: 1 }).items).toEqual([2, 5]);
  expect(() => drawEach(row, [[0, 0]], 2, { skip: 2 })).toThrow(
    new RangeError(
      'candidates must be at least 6 per row (2 excluded, 2 skipped, 2 drawn), got 5. ' +
        'Take more of them, so that enough are left to draw.',
    ),
  );
});

test('rejects another number of rows', () => {
  const items = tf.zeros([3, 2], 'int32');
  const candidates = { items, scores: tf.zeros([3, 2]) };
  const [one, three] = [tf.zeros([1, 1], 'int32'), tf.zeros([3, 1], 'int32')];
  const options = { poolSize: 1 };

  expect(() => drawFromPool(candidates, one, tf.zeros([3]), options)).toThrow('excluded: Shapes');
  expect(() => drawFromPool(candidates, three, tf.zeros([1]), options)).toThrow(
    'noise must have shape [3]',
  );
  const uneven = { items, scores: tf.zeros([3, 1]) };
  expect(() => drawFromPool(uneven, three, tf.zeros([3]), options)).toThrow('scores: Shapes');
});

test('what `topItems` puts last, since nothing else is left, is no part of the pool', () => {
  const uniform = tf.tensor1d(sweep(60));
  const drawn = tf.tidy(() => {
    const hidden = tf.ones<tf.Rank.R2>([60, 1]);
    const items = tf.tensor2d([1, 5, 3, 4, 2], [5, 1]);
    const barred = repeated([1, 3, 0], 60);
    const options = { count: 5, blockSize: 60, scan: loop, excluded: barred };
    const best = topItems(hidden, items, options);
    const nothing = repeated([-1], 60);
    return evaluate(() => drawFromPool(best, nothing, uniform, { poolSize: 4 }));
  });

  expect(tally(drawn.items, 5)).toEqual([0, 0, 30, 0, 30]);
  expectAllClose(drawn.logProbabilities, Array(60).fill(-Math.log(2)), { absolute: 1e-6 });
});
