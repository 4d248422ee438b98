import { accidentalHits, drawInBatch } from '@rodpo/samplers/tfjs';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyNoise, evaluate, extremes, sweep, tally } from './tfjs.ts';
import { describeInStep } from './tfjs-step-contract.ts';

describeInStep('drawInBatch', ({ chosen, noise }) => drawInBatch(chosen!, noise!), {
  chosen: { dtype: 'int32', shape: [6], data: [3, 1, 3, 8, -1, 2] },
  noise: { dtype: 'float32', shape: [6, 3], data: anyNoise(18, 2) },
});
describeInStep(
  'drawInBatch with exclusions',
  ({ chosen, excluded, noise }) => drawInBatch(chosen!, noise!, { excluded: excluded! }),
  {
    chosen: { dtype: 'int32', shape: [3], data: [3, 1, 8] },
    excluded: { dtype: 'int32', shape: [3, 2], data: [1, 8, 3, 9, 99, 99] },
    noise: { dtype: 'float32', shape: [3], data: anyNoise(3, 1) },
  },
);
describeInStep('accidentalHits', ({ chosen }) => ({ items: hitsOf(chosen!) }), {
  chosen: { dtype: 'int32', shape: [4], data: [3, 1, 3, 8] },
});

function hitsOf(chosen: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.cast(accidentalHits(chosen), 'int32'));
}

/** Each row draws once per element of `noise`: a list of draws for every row. */
function drawEach(
  chosen: readonly number[],
  noise: readonly number[],
  excluded?: readonly (readonly number[])[],
) {
  const rows = chosen.length;
  const { items, logProbabilities, valid } = tf.tidy(() => {
    const list = tf.tensor1d([...chosen], 'int32');
    const uniform = tf.tile(tf.tensor2d([...noise], [1, noise.length]), [rows, 1]);
    const barred = excluded && tf.tensor2d(excluded.flat(), [rows, excluded[0]!.length], 'int32');
    return evaluate(() => drawInBatch(list, uniform, barred ? { excluded: barred } : {}));
  });
  const perRow = (values: number[]) =>
    chosen.map((_, row) => values.slice(row * noise.length, (row + 1) * noise.length));
  return { items: perRow(items), logs: perRow(logProbabilities), valid };
}

test('draws other rows’ items, as often as rows hold them', () => {
  // Sorted 2 5 5 7. Row 0 may draw 5 5 7, rows 1 and 2 2 7, row 3 2 5 5.
  const { items, logs, valid } = drawEach([2, 5, 5, 7], [0.1, 0.5, 0.9]);

  expect(items).toEqual([
    [5, 5, 7],
    [2, 7, 7],
    [2, 7, 7],
    [2, 5, 5],
  ]);
  const [third, twoThirds, half] = [Math.log(1 / 3), Math.log(2 / 3), Math.log(1 / 2)];
  expectAllClose(logs[0]!, [twoThirds, twoThirds, third]);
  expectAllClose(logs[1]!, [half, half, half]);
  expect(valid).toEqual([1, 1, 1, 1]);
});

test('draws nothing that the row excludes, nor rows without an item', () => {
  const excluded = [
    [5, 99],
    [4, 7],
    [2, 5],
    [99, 99],
  ];
  expect(drawEach([2, 5, 7, -1], [0.1, 0.9], excluded).items).toEqual([
    [7, 7],
    [2, 2],
    [0, 0], // nothing is left
    [2, 7],
  ]);
  expect(drawEach([2, 5, 7, -1], [0.1, 0.9], excluded).valid).toEqual([1, 1, 0, 1]);
});

test.each([[[4]], [[4, 4, 4]], [[-1, 4]], [[-1, -1]]])(
  'batch %j leaves nothing to draw',
  (chosen) => {
    const { items, logs, valid } = drawEach(chosen, extremes);

    const isPadded = chosen[0] === -1 && chosen[1] === 4; // its first row may draw the second's
    expect(valid).toEqual(isPadded ? [1, 0] : chosen.map(() => 0));
    expect(items.at(-1)).toEqual(extremes.map(() => 0));
    expect(logs.at(-1)!.map(Math.abs)).toEqual(extremes.map(() => 0));
  },
);

test('agrees with listing the allowed rows', () => {
  const item = fc.integer({ min: -1, max: 6 });
  const anyBatch = fc.array(item, { minLength: 1, maxLength: 12 }).chain((chosen) =>
    fc.record({
      chosen: fc.constant(chosen),
      excluded: fc.array(fc.array(fc.nat(8), { minLength: 3, maxLength: 3 }), {
        minLength: chosen.length,
        maxLength: chosen.length,
      }),
    }),
  );

  fc.assert(
    fc.property(anyBatch, fc.boolean(), ({ chosen, excluded }, isExcluding) => {
      const lists = excluded.map((list) => list.toSorted((a, b) => a - b)); // repeats included
      const given = isExcluding ? lists : undefined;
      const pools = chosen.map((own, row) =>
        chosen
          .filter((other) => other >= 0 && other !== own && !given?.[row]?.includes(other))
          .sort((a, b) => a - b),
      );
      // A multiple of every pool's size, so that each row's points fall evenly.
      const parts = pools.reduce((product, { length }) => lcm(product, length || 1), 1);
      fc.pre(parts <= 500);
      const { items, logs, valid } = drawEach(chosen, sweep(parts), given);
      const edges = drawEach(chosen, extremes, given);

      expect(valid).toEqual(pools.map(({ length }) => Number(length > 0)));
      for (const [row, pool] of pools.entries()) {
        if (pool.length === 0) continue;
        const holders = tally(pool, 7);
        const expected = holders.map((count) => (count * parts) / pool.length);
        expect(tally(items[row]!, 7)).toEqual(expected);
        expectAllClose(
          logs[row]!,
          items[row]!.map((drawn) => Math.log(holders[drawn]! / pool.length)),
        );
        for (const drawn of edges.items[row]!) expect(pool).toContain(drawn);
      }
    }),
    { numRuns: 150 },
  );
});

function lcm(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return (a * b) / larger;
}

test.each([[[2]], [[2, 3]]])('returns draws of the shape of noise %j', (shape) => {
  const drawn = drawInBatch(tf.tensor1d([1, 2], 'int32'), tf.zeros(shape));

  expect(drawn.items).toMatchObject({ shape, dtype: 'int32' });
  expect(drawn.logProbabilities).toMatchObject({ shape, dtype: 'float32' });
  expect(drawn.valid).toMatchObject({ shape: [2], dtype: 'float32' });
});

test('rejects another number of rows', () => {
  const chosen = tf.tensor1d([1, 2], 'int32');
  const excluded = tf.zeros([3, 1], 'int32');

  expect(() => drawInBatch(chosen, tf.zeros([3]))).toThrow('noise must have shape [2]');
  expect(() => drawInBatch(chosen, tf.zeros([2]), { excluded })).toThrow(
    'drawInBatch: excluded: Shapes 3,1 and 2,1 must match',
  );
});

test('accidental hits are the pairs of rows with one item', () => {
  const hits = accidentalHits(tf.tensor1d([4, 2, 4, 4], 'int32'));

  expect(hits.dtype).toBe('bool');
  expect(hits.arraySync()).toEqual([
    [0, 0, 1, 1],
    [0, 0, 0, 0],
    [1, 0, 0, 1],
    [1, 0, 1, 0],
  ]);
});
