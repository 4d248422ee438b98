import { fillUniform } from '@rodpo/random';
import { topKPool } from '@rodpo/samplers';
import { drawFromPool, topItems } from '@rodpo/samplers/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquare, evaluate, loop } from './tfjs.ts';

interface Row {
  readonly candidates: readonly number[];
  readonly excluded: readonly number[];
}

/** Draws once per element of `uniform`, each from the same row. */
function draw({ candidates, excluded }: Row, uniform: ArrayLike<number>, poolSize: number) {
  return tf.tidy(() => {
    const noise = tf.tensor1d(Float32Array.from(uniform));
    const repeated = (values: readonly number[]) =>
      tf.tile(tf.tensor2d([...values], [1, values.length], 'int32'), [noise.size, 1]);
    const [ranked, barred] = [repeated(candidates), repeated(excluded)];
    return evaluate(() => drawFromPool(ranked, barred, noise, poolSize));
  });
}

/** A point in the middle of each of `count` equal parts of [0, 1). */
const sweep = (count: number) => Array.from({ length: count }, (_, part) => (part + 0.5) / count);

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

describe('drawFromPool', () => {
  test('draws from the best that are not excluded', () => {
    const row = { candidates: [7, 2, 9, 4, 0], excluded: [2, 0] };

    expect(draw(row, [0, 0.4, 0.6, 0.99], 2)).toEqual([7, 7, 9, 9]);
    expect(draw(row, [0, 0.4, 0.6, 0.99], 1)).toEqual([7, 7, 7, 7]);
  });

  test('sees to each row by its own lists', () => {
    const candidates = tf.tensor2d([0, 1, 2, 2, 1, 0], [2, 3], 'int32');
    const excluded = tf.tensor2d([0, 2], [2, 1], 'int32');
    const uniform = tf.tensor1d([0, 0.9]);

    expect(evaluate(() => drawFromPool(candidates, excluded, uniform, 2))).toEqual([1, 0]);
  });

  test('gives every item of the pool equally often, and no other', () => {
    fc.assert(
      fc.property(anyRow, anyPoolSize, (row, poolSize) => {
        const pool = allowedOf(row).slice(0, poolSize); // what is left, if that is less
        const expected = pool.flatMap((item) => [item, item]);

        expect(draw(row, sweep(2 * pool.length), poolSize)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('a pool of one is the best that is allowed, whatever the noise', () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const drawn = draw(row, [0, 0.5, 1 - 2 ** -24], 1);

        expect(drawn).toEqual(Array(3).fill(allowedOf(row)[0]));
      }),
    );
  });

  test('draws uniformly from uniform noise', () => {
    const row = { candidates: [...Array(40).keys()], excluded: [3, 8, 39, 40] };
    const drawn = draw(row, fillUniform(new Float32Array(8000), 5), 20);

    const pool = allowedOf(row).slice(0, 20);
    const counts = pool.map((item) => drawn.filter((other) => other === item).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(8000);
    // 19 degrees of freedom: mean 19, standard deviation √38 = 6.2; 4 of those allowed.
    expect(chiSquare(counts)).toBeLessThan(19 + 4 * 6.2);
  });

  test('stays in the pool just below 1', () => {
    const row = { candidates: [...Array(11).keys()], excluded: [10] };

    for (let poolSize = 1; poolSize <= 10; poolSize++) {
      const largest = [1 - 2 ** -24, 1 - 2 ** -32]; // the second is 1 in float32
      expect(draw(row, largest, poolSize)).toEqual([poolSize - 1, poolSize - 1]);
    }
  });
});

test('returns int32', () => {
  const [candidates, excluded] = [tf.zeros([2, 2], 'int32'), tf.ones([2, 1], 'int32')];

  expect(drawFromPool(candidates, excluded, tf.zeros([2]), 1)).toMatchObject({
    shape: [2],
    dtype: 'int32',
  });
});

test('holds the same pool as topKPool, from the same scores', () => {
  const score = fc.integer({ min: -3, max: 3 }); // ties are common
  const scoreList = fc.array(score, { minLength: itemCount, maxLength: itemCount });
  const excludedList = fc.uniqueArray(fc.nat(itemCount - 1), { maxLength: 5 });

  fc.assert(
    fc.property(scoreList, excludedList, anyPoolSize, (scores, excluded, poolSize) => {
      const query = { scores: Float32Array.from(scores), excluded: new Set(excluded) };
      const size = Math.min(poolSize, itemCount - excluded.length);
      const expected = topKPool({ poolSize })(query, size, Math.random).sort();

      const drawn = tf.tidy(() => {
        const count = Math.min(poolSize + excluded.length, itemCount);
        const options = { count, blockSize: 1, scan: loop };
        const table = tf.tensor2d(scores, [itemCount, 1]);
        const candidates = [...topItems(tf.ones([1, 1]), table, options).dataSync()];
        return draw({ candidates, excluded }, sweep(size), poolSize);
      });
      expect(Int32Array.from(drawn).sort()).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test.each([0, -1, 1.5, Number.NaN])('rejects poolSize %d', (poolSize) => {
  expect(() => draw({ candidates: [1, 2], excluded: [0] }, [0], poolSize)).toThrow(
    new RangeError(`poolSize must be a positive integer, got ${poolSize}`),
  );
});

test('rejects exclusions that could leave nothing to draw', () => {
  expect(() => draw({ candidates: [1, 2], excluded: [0, 3] }, [0], 1)).toThrow(
    new RangeError(
      'candidates must outnumber the 2 items excluded per row, got 2. ' +
        'Give poolSize more than are excluded, so that something is left to draw.',
    ),
  );
});

test('rejects another number of rows', () => {
  const candidates = tf.zeros([3, 2], 'int32');
  const [one, three] = [tf.zeros([1, 1], 'int32'), tf.zeros([3, 1], 'int32')];

  expect(() => drawFromPool(candidates, one, tf.zeros([3]), 1)).toThrow('excluded: Shapes 1,1');
  expect(() => drawFromPool(candidates, three, tf.zeros([1]), 1)).toThrow('uniform: Shapes 1 and');
});
