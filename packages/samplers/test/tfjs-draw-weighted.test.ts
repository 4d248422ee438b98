import { fillUniform } from '@rodpo/random';
import { drawWeighted, popularityWeights } from '@rodpo/samplers/tfjs';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
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

const totalsOf = (weights: readonly number[]) => {
  let total = 0;
  return weights.map((weight) => {
    total += weight;
    return total;
  });
};

describeInStep(
  'drawWeighted',
  ({ excluded, noise, totals }) => drawWeighted(excluded!, noise!, totals!),
  {
    excluded: { dtype: 'int32', shape: [3, 4], data: [0, 3, 9, 9, 9, 9, 9, 9, 0, 2, 3, 4] },
    noise: { dtype: 'float32', shape: [3, 4], data: anyNoise(12, 3) },
    totals: { dtype: 'int32', shape: [5], data: popularityWeights([5, 0, 3, 9, 1]) },
  },
);

/** Draws once per element of `noise`, each with the same excluded items. */
function draw(weights: readonly number[], excluded: readonly number[], noise: readonly number[]) {
  return tf.tidy(() => {
    const [list, uniform] = [repeated(excluded, noise.length), tf.tensor1d([...noise])];
    const totals = tf.tensor1d(totalsOf(weights), 'int32');
    return evaluate(() => drawWeighted(list, uniform, totals));
  });
}

test('gives each item its share of what is not excluded', () => {
  // Items 0 1 2 3 4 weigh 2 3 0 1 4. Without item 1: 0 0 3 4 4 4 4, a seventh each.
  const { items, logProbabilities, valid } = draw([2, 3, 0, 1, 4], [1, 9], sweep(7));

  expect(items).toEqual([0, 0, 3, 4, 4, 4, 4]);
  expectAllClose(
    logProbabilities,
    [2, 2, 1, 4, 4, 4, 4].map((weight) => Math.log(weight / 7)),
  );
  expect(valid).toEqual(Array(7).fill(1));
});

test('sees to each row by its own list, and draws several times from it', () => {
  const excluded = tf.tensor2d([0, 1], [2, 1], 'int32');
  const noise = tf.tensor2d([0, 0.9, 0, 0.9], [2, 2]);
  const totals = tf.tensor1d([1, 2, 4], 'int32');

  expect(evaluate(() => drawWeighted(excluded, noise, totals))).toMatchObject({
    items: [1, 2, 0, 2],
    valid: [1, 1],
  });
});

test('agrees with laying the items side by side, whatever is excluded', () => {
  const anyWeights = fc.array(fc.nat(4), { minLength: 1, maxLength: 17 });
  const anyCase = anyWeights.chain((weights) =>
    fc.record({
      weights: fc.constant(weights),
      excluded: fc.subarray([...weights.keys()]), // in ascending order; none, or all
      fillers: fc.nat(2),
    }),
  );

  fc.assert(
    fc.property(anyCase, ({ weights, excluded, fillers }) => {
      const cells = weights.flatMap((weight, item) =>
        excluded.includes(item) ? [] : Array<number>(weight).fill(item),
      );
      const list = [...excluded, ...Array(fillers + 1).fill(weights.length + 3)];
      fc.pre(cells.length > 0);

      const { items, logProbabilities } = draw(weights, list, sweep(cells.length));
      expect(items).toEqual(cells);
      const shares = cells.map((item) => Math.log(weights[item]! / cells.length));
      expectAllClose(logProbabilities, shares);
      for (const item of draw(weights, list, extremes).items) expect(cells).toContain(item);
    }),
    { numRuns: 300 },
  );
});

test('draws nothing excluded near the largest total either', () => {
  const counts = fc.array(fc.nat(1000), { minLength: 3, maxLength: 40 });

  fc.assert(
    fc.property(
      counts,
      fc.nat(),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (c, only, u) => {
        fc.pre(c.some((count) => count > 0));
        const totals = [...popularityWeights(c)];
        const weights = totals.map((total, item) => total - (totals[item - 1] ?? 0));
        const counted = [...c.keys()].filter((item) => c[item]! > 0);
        const allowed = counted[only % counted.length]!;
        const others = [...c.keys()].filter((item) => item !== allowed);

        const drawn = draw(weights, others, [...extremes, ...u]); // all but one excluded
        expect(new Set(drawn.items)).toEqual(new Set([allowed]));
        expectAllClose(
          drawn.logProbabilities,
          drawn.items.map(() => 0),
        );
        // None excluded: every item drawn has a count.
        for (const item of draw(weights, [99], [...extremes, ...u]).items) {
          expect(counted).toContain(item);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('draws popular items as often as their counts say', () => {
  const counts = Array.from({ length: 30 }, (_, item) => item % 7);
  const rows = 20_000;
  const excluded = [3, 6, 20];
  const drawn = tf.tidy(() => {
    const noise = tf.tensor1d(fillUniform(new Float32Array(rows), 9));
    const totals = tf.tensor1d(popularityWeights(counts, { exponent: 0.5 }), 'int32');
    const barred = repeated(excluded, rows);
    return evaluate(() => drawWeighted(barred, noise, totals)).items;
  });

  const weights = counts.map((count, item) => (excluded.includes(item) ? 0 : Math.sqrt(count)));
  // 22 items are left: mean 21, standard deviation √42 = 6.5; 4 of those allowed.
  expect(weights.filter((weight) => weight > 0)).toHaveLength(22);
  expect(chiSquare(tally(drawn, 30), weights)).toBeLessThan(21 + 4 * 6.5);
});

test('a row without anything to draw is not valid, and harmless', () => {
  const { items, logProbabilities, valid } = draw([0, 2, 3], [1, 2], [0, 0.5, almostOne]);

  expect(valid).toEqual([0, 0, 0]);
  expect(items).toEqual([0, 0, 0]);
  expect(logProbabilities.map(Math.abs)).toEqual([0, 0, 0]);
});

test.each([[[2]], [[2, 3]]])('returns draws of the shape of noise %j', (shape) => {
  const totals = tf.tensor1d([1, 2], 'int32');
  const drawn = drawWeighted(tf.zeros([2, 1], 'int32'), tf.zeros(shape), totals);

  expect(drawn.items).toMatchObject({ shape, dtype: 'int32' });
  expect(drawn.logProbabilities).toMatchObject({ shape, dtype: 'float32' });
  expect(drawn.valid).toMatchObject({ shape: [2], dtype: 'float32' });
});

test('rejects weights that are no int32 vector, and other noise', () => {
  const [excluded, noise] = [tf.zeros([2, 1], 'int32'), tf.zeros([2])];

  expect(() => drawWeighted(excluded, noise, tf.tensor1d([0.5, 1]))).toThrow(
    new RangeError(
      'cumulativeWeights must be int32 [itemCount], got float32 [2]. ' +
        'Make it of what popularityWeights returns.',
    ),
  );
  expect(() => drawWeighted(excluded, noise, tf.zeros([2, 2], 'int32'))).toThrow(RangeError);
  const totals = tf.tensor1d([1, 2], 'int32');
  expect(() => drawWeighted(excluded, tf.zeros([3]), totals)).toThrow('noise must have shape [2]');
});
