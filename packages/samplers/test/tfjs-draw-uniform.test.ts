import { drawUniform } from '@rodpo/samplers/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate } from './tfjs.ts';

/** The largest float32 below 1. */
const almostOne = 1 - 2 ** -24;

/** Draws once per element of `uniform`, each with the same excluded items. */
function draw(excluded: number[], uniform: number[], itemCount: number): number[] {
  return tf.tidy(() => {
    const rows = uniform.flatMap(() => excluded);
    const shape: [number, number] = [uniform.length, excluded.length];
    const [list, noise] = [tf.tensor2d(rows, shape, 'int32'), tf.tensor1d(uniform)];
    return evaluate(() => drawUniform(list, noise, itemCount));
  });
}

test('skips the excluded items', () => {
  // Left: 0, 2, 5. Each owns a third of [0, 1).
  expect(draw([1, 3, 4], [0, 0.3, 0.4, 0.6, 0.7, almostOne], 6)).toEqual([0, 0, 2, 2, 5, 5]);
});

test('sees to each row by its own list', () => {
  const excluded = tf.tensor2d([0, 1, 0, 9, 9, 9, 2, 3], [4, 2], 'int32'); // 9 is a filler
  const uniform = tf.tensor1d([0, 0, 0, almostOne]);

  expect(evaluate(() => drawUniform(excluded, uniform, 4))).toEqual([2, 1, 0, 1]);
});

test('hits every allowed item equally often, for every set of excluded items', () => {
  const itemCount = 6;
  for (let mask = 0; mask < 2 ** itemCount - 1; mask++) {
    const excluded = [...Array(itemCount).keys()].filter((item) => (mask >> item) & 1);
    const allowed = [...Array(itemCount).keys()].filter((item) => !((mask >> item) & 1));
    const sweep = allowed.flatMap((_, index) =>
      [0.1, 0.5, 0.9].map((within) => (index + within) / allowed.length),
    );
    const expected = allowed.flatMap((item) => [item, item, item]);

    expect(draw(excluded, sweep, itemCount)).toEqual(expected);
    // The widest list there can be, filled up with what names no item.
    const filled = [...excluded, ...Array(itemCount).fill(itemCount)].slice(0, itemCount - 1);
    expect(draw(filled, sweep, itemCount)).toEqual(expected);
  }
});

test('never leaves the range, however float32 rounds', () => {
  // The second is the largest draw of a generator with 32 bits: a double below 1, 1 in float32.
  const largest = [almostOne, 1 - 2 ** -32];
  const itemCounts = fc.integer({ min: 3, max: 2 ** 24 });

  fc.assert(
    fc.property(itemCounts, (itemCount) => {
      const last = itemCount - 1;
      expect(draw([0], [0, ...largest], itemCount)).toEqual([1, last, last]);
      expect(draw([last], largest, itemCount)).toEqual([last - 1, last - 1]);
    }),
  );
});

test('returns int32', () => {
  const drawn = drawUniform(tf.zeros([2, 1], 'int32'), tf.zeros([2]), 4);

  expect(drawn).toMatchObject({ shape: [2], dtype: 'int32' });
});

test('rejects an itemCount that could leave nothing to draw', () => {
  expect(draw([0, 1], [0.5], 3)).toEqual([2]);
  expect(() => draw([0, 1], [0.5], 2)).toThrow(
    new RangeError(
      'itemCount must be an integer above the 2 items excluded per row, got 2. ' +
        'Exclude fewer, so that something is left to draw.',
    ),
  );
  expect(() => draw([0, 1], [0.5], 2.5)).toThrow(RangeError);
});

test('rejects another number of rows', () => {
  const excluded = tf.zeros([3, 1], 'int32');

  expect(() => drawUniform(excluded, tf.zeros([1]), 4)).toThrow(
    'drawUniform: uniform: Shapes 1 and 3 must match',
  );
});
