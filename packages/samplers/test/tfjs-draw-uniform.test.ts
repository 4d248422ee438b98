import { drawUniform } from '@rodpo/samplers/tfjs';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { almostOne, anyNoise, evaluate, extremes, repeated } from './tfjs.ts';
import { describeInStep } from './tfjs-step-contract.ts';

describeInStep('drawUniform', ({ excluded, noise }) => drawUniform(excluded!, noise!, 9), {
  excluded: { dtype: 'int32', shape: [4, 3], data: [0, 1, 8, 3, 9, 9, 9, 9, 9, 5, 6, 7] },
  noise: { dtype: 'float32', shape: [4, 5], data: anyNoise(20, 3) },
});

/** Draws once per element of `uniform`, each with the same excluded items. */
function draw(excluded: number[], uniform: readonly number[], itemCount: number): number[] {
  return tf.tidy(() => {
    const [list, noise] = [repeated(excluded, uniform.length), tf.tensor1d([...uniform])];
    return evaluate(() => drawUniform(list, noise, itemCount)).items;
  });
}

test('skips the excluded items', () => {
  // Left: 0, 2, 5. Each owns a third of [0, 1).
  expect(draw([1, 3, 4], [0, 0.3, 0.4, 0.6, 0.7, almostOne], 6)).toEqual([0, 0, 2, 2, 5, 5]);
});

test('sees to each row by its own list', () => {
  const excluded = tf.tensor2d([0, 1, 0, 9, 9, 9, 2, 3], [4, 2], 'int32'); // 9 is a filler
  const uniform = tf.tensor1d([0, 0, 0, almostOne]);

  const { items, logProbabilities } = evaluate(() => drawUniform(excluded, uniform, 4));
  expect(items).toEqual([2, 1, 0, 1]);
  // 4 items, of which 2, 1, 0 and 2 are excluded.
  expectAllClose(
    logProbabilities,
    [2, 3, 4, 2].map((available) => -Math.log(available)),
  );
});

test('draws several times from one list, each time afresh', () => {
  const excluded = tf.tensor2d([1, 0], [2, 1], 'int32');
  const noise = tf.tensor2d([0, 0, 0.9, 0.9, 0, 0.4], [2, 3]);

  const { items, logProbabilities } = evaluate(() => drawUniform(excluded, noise, 3));
  expect(items).toEqual([0, 0, 2, 2, 1, 1]);
  expectAllClose(logProbabilities, Array(6).fill(-Math.log(2)));
});

test('hits every allowed item equally often, for every set of excluded items', () => {
  const itemCount = 6;
  for (let mask = 0; mask < 2 ** itemCount - 1; mask++) {
    const excluded = [...Array(itemCount).keys()].filter((item) => (mask >> item) & 1);
    const allowed = [...Array(itemCount).keys()].filter((item) => !((mask >> item) & 1));
    const points = allowed.flatMap((_, index) =>
      [0.1, 0.5, 0.9].map((within) => (index + within) / allowed.length),
    );
    const expected = allowed.flatMap((item) => [item, item, item]);

    expect(draw(excluded, points, itemCount)).toEqual(expected);
    // The widest list there can be, filled up with what names no item.
    const filled = [...excluded, ...Array(itemCount).fill(itemCount)].slice(0, itemCount - 1);
    expect(draw(filled, points, itemCount)).toEqual(expected);
    for (const item of draw(excluded, extremes, itemCount)) expect(allowed).toContain(item);
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

test.each([[[2]], [[2, 3]]])('returns draws of the shape of noise %j', (shape) => {
  const drawn = drawUniform(tf.zeros([2, 1], 'int32'), tf.zeros(shape), 4);

  expect(drawn.items).toMatchObject({ shape, dtype: 'int32' });
  expect(drawn.logProbabilities).toMatchObject({ shape, dtype: 'float32' });
});

test('rejects an itemCount that could leave nothing to draw, or that float32 cannot count', () => {
  expect(draw([0, 1], [0.5], 3)).toEqual([2]);
  expect(() => draw([0, 1], [0.5], 2)).toThrow(
    new RangeError(
      'itemCount must be an integer above the 2 items excluded per row and at most 16777216, ' +
        'got 2. Exclude fewer, so that something is left to draw.',
    ),
  );
  expect(() => draw([0, 1], [0.5], 2.5)).toThrow(RangeError);
  expect(() => draw([0, 1], [0.5], 2 ** 24 + 1)).toThrow(RangeError);
});

test.each([[[1]], [[3, 0]], [[]], [[3, 1, 1]]])('rejects noise of shape %j for 3 rows', (shape) => {
  const excluded = tf.zeros([3, 1], 'int32');

  expect(() => drawUniform(excluded, tf.zeros(shape), 4)).toThrow(
    new RangeError(
      `noise must have shape [3] or [3, count], got [${shape}]. ` +
        'Give one number per row, or one per draw.',
    ),
  );
});
