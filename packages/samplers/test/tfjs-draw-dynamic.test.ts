import { fillUniform } from '@rodpo/random';
import { drawDynamic, drawUniform } from '@rodpo/samplers/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyNoise, chiSquare, evaluate, extremes, tally } from './tfjs.ts';
import { describeInStep } from './tfjs-step-contract.ts';

const given = {
  hidden: { dtype: 'float32', shape: [3, 2], data: [1, 0, 0, 1, 1, 1] },
  table: { dtype: 'float32', shape: [7, 2], data: fillUniform(new Float32Array(14), 2) },
  drawn: { dtype: 'int32', shape: [3, 4], data: [0, 1, 2, 3, 6, 6, 5, 4, 2, 2, 2, 0] },
  noise: { dtype: 'float32', shape: [3, 2], data: anyNoise(6, 3) },
} as const;
describeInStep(
  'drawDynamic',
  ({ hidden, table, drawn }) => drawDynamic(hidden!, table!, drawn!),
  given,
);
describeInStep(
  'drawDynamic of several',
  ({ hidden, table, drawn, noise }) =>
    drawDynamic(hidden!, table!, drawn!, { poolSize: 3, noise: noise! }),
  given,
);

const hidden = tf.tensor2d([1, -1], [2, 1]);
const table = tf.tensor2d([5, 3, 9, 1], [4, 1]); // the second row wants small ones

test('takes the best of the drawn', () => {
  const drawn = tf.tensor2d([0, 1, 3, 0, 1, 3], [2, 3], 'int32');

  expect(evaluate(() => drawDynamic(hidden, table, drawn)).items).toEqual([0, 3]);
});

test('takes one of the best of the drawn, by the noise', () => {
  const drawn = tf.tensor2d([0, 2, 3, 0, 2, 3], [2, 3], 'int32'); // best first: 2 0 3, and 3 0 2
  const noise = tf.tensor2d([0, 0.4, 0.6, 0, 0.6, 0.99], [2, 3]);
  const options = { poolSize: 2, noise };

  const { items } = evaluate(() => drawDynamic(hidden, table, drawn, options));
  expect(items).toEqual([2, 2, 0, 3, 0, 0]);
});

test('agrees with sorting what was drawn; ties go to the earlier draw', () => {
  const score = fc.integer({ min: -2, max: 2 });
  const scores = fc.array(score, { minLength: 8, maxLength: 8 });
  const draws = fc.array(fc.nat(7), { minLength: 1, maxLength: 6 });

  fc.assert(
    fc.property(scores, draws, fc.nat(5), (scores, draws, wanted) => {
      const poolSize = 1 + (wanted % draws.length);
      const best = draws.toSorted((a, b) => scores[b]! - scores[a]!).slice(0, poolSize);
      const expected = extremes.map((u) => {
        const place = Math.floor(Math.fround(Math.fround(u) * poolSize));
        return best[Math.min(place, poolSize - 1)];
      });

      tf.tidy(() => {
        const [h, e] = [tf.ones([1, 1]), tf.tensor2d(scores, [8, 1])];
        const drawn = tf.tensor2d(draws, [1, draws.length], 'int32');
        const noise = tf.tensor2d([...extremes], [1, extremes.length]);
        const made = evaluate(() => drawDynamic(h, e, drawn, { poolSize, noise }));
        expect(made.items).toEqual(expected);
      });
    }),
    { numRuns: 200 },
  );
});

test.each([
  { poolSize: 1, drawCount: 4 },
  { poolSize: 2, drawCount: 4 },
  { poolSize: 3, drawCount: 3 },
])('draws by the distribution it documents, %o', ({ poolSize, drawCount }) => {
  const [rows, itemCount, excludedItem] = [20_000, 10, 4];
  const drawn = tf.tidy(() => {
    const uniform = (columns: number, seed: number) =>
      tf.tensor2d(fillUniform(new Float32Array(rows * columns), seed), [rows, columns]);
    const excluded = tf.fill([rows, 1], excludedItem, 'int32');
    const { items } = drawUniform(excluded, uniform(drawCount, 1), itemCount);
    const scores = tf.range(itemCount, 0, -1); // item 0 is best, then 1, 2, 3, 5 …
    const [h, e] = [tf.ones([rows, 1]), tf.reshape(scores, [itemCount, 1])];
    const options = { poolSize, noise: uniform(1, 2) };
    return [...drawDynamic(h, e, items, options).items.dataSync()];
  });

  const available = itemCount - 1;
  const expected = (rank: number) => expectedLeast(poolSize, drawCount, rank / available);
  const probabilities = Array.from({ length: itemCount }, (_, item) => {
    if (item === excludedItem) return 0;
    const rank = item < excludedItem ? item + 1 : item;
    return (expected(rank) - expected(rank - 1)) / poolSize;
  });
  expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  // 9 items: mean 8, standard deviation 4; 4 of those allowed.
  expect(chiSquare(tally(drawn, itemCount), probabilities)).toBeLessThan(8 + 4 * 4);
});

/** E[min(most, X)] of a binomial X of `trials` with probability `p`. */
function expectedLeast(most: number, trials: number, p: number): number {
  let [sum, ways] = [0, 1];
  for (let successes = 0; successes <= trials; successes++) {
    sum += Math.min(most, successes) * ways * p ** successes * (1 - p) ** (trials - successes);
    ways = (ways * (trials - successes)) / (successes + 1);
  }
  return sum;
}

test('returns one item per row, or as many as the noise has numbers', () => {
  const drawn = tf.zeros([2, 3], 'int32');

  expect(drawDynamic(hidden, table, drawn).items).toMatchObject({ shape: [2], dtype: 'int32' });
  const options = { poolSize: 2, noise: tf.zeros([2, 5]) };
  expect(drawDynamic(hidden, table, drawn, options).items.shape).toEqual([2, 5]);
});

test.each([0, 4, 1.5, Number.NaN])('rejects poolSize %d of 3 drawn', (poolSize) => {
  expect(() => drawDynamic(hidden, table, tf.zeros([2, 3], 'int32'), { poolSize })).toThrow(
    new RangeError(`poolSize must be an integer from 1 to the 3 items drawn, got ${poolSize}`),
  );
});

test('rejects a choice without noise, and other shapes', () => {
  const drawn = tf.zeros([2, 3], 'int32');

  expect(() => drawDynamic(hidden, table, drawn, { poolSize: 2 })).toThrow(
    new RangeError('noise must be given to choose from 2 items'),
  );
  expect(() => drawDynamic(hidden, tf.zeros([4, 2]), drawn)).toThrow('drawDynamic: items: Shapes');
  expect(() => drawDynamic(hidden, table, tf.zeros([3, 3], 'int32'))).toThrow(
    'drawDynamic: drawn: Shapes',
  );
  expect(() => drawDynamic(hidden, table, drawn, { noise: tf.zeros([3]) })).toThrow(
    'noise must have shape [2]',
  );
});
