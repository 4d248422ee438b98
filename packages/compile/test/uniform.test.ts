import '@rodpo/testing/tfjs';
import { compile, eager, type RunOptions } from '@rodpo/compile';
import type { Uniform } from '@rodpo/ops';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { fillUniform, streamKeys } from '../src/uniform-stream.ts';
import { engines } from './engines.ts';

function stream(options: RunOptions, draw = 0, size = 2 ** 16): Float32Array {
  const target = new Float32Array(size);
  fillUniform(target, streamKeys(options, draw));
  return target;
}

async function drawn(make: typeof eager, options: RunOptions) {
  const step = ({ uniform }: { uniform: Uniform }) => ({
    outputs: {
      vector: uniform([1000]),
      matrix: uniform([7, 3]),
      scalar: uniform([]),
      empty: uniform([0, 4]),
      odd: uniform([17]),
    },
  });
  const program = await make(step, { inputs: {} });
  const values = await program.run({}, options);
  await program.dispose();
  return values;
}

test.each<RunOptions>([
  {},
  { seed: 1 },
  { seed: 1, step: 1 },
  { seed: -1, step: 2 ** 31 },
  { seed: Number.MAX_SAFE_INTEGER, step: 2 ** 40 + 3 },
])('both engines draw the same bits: %o', async (options) => {
  const native = await drawn(compile, options);

  expect(native).toEqual(await drawn(eager, options));
  expect(native.vector).toEqual(stream(options, 0, 1000));
  expect(native.matrix).toEqual(stream(options, 1, 21));
});

test.each(engines)('%s: a draw depends on seed, step and place', async (_, make) => {
  const first = await drawn(make, { seed: 1, step: 1 });

  expect(await drawn(make, { seed: 1, step: 1 })).toEqual(first);
  expect((await drawn(make, { seed: 2, step: 1 })).vector).not.toEqual(first.vector);
  expect((await drawn(make, { seed: 1, step: 2 })).vector).not.toEqual(first.vector);
  expect(first.odd).not.toEqual(first.vector!.slice(0, 17));
});

test.each(engines)('%s: rejects seeds that are no safe integers', async (_, make) => {
  await expect(drawn(make, { seed: 0.5 })).rejects.toThrow(
    new RangeError('seed must be an integer, got 0.5'),
  );
  await expect(drawn(make, { step: 2 ** 53 })).rejects.toThrow(
    new RangeError('step must be an integer, got 9007199254740992'),
  );
});

test('a resumed training draws what an uninterrupted one draws', async () => {
  const walk = ({ state, uniform }: { state: { at?: tf.Tensor }; uniform: Uniform }) => ({
    outputs: {},
    state: { at: tf.add(state.at!, uniform([3])) },
  });
  const options = { inputs: {}, state: { at: { shape: [3], data: new Float32Array(3) } } };
  const whole = await compile(walk, options);
  for (let step = 0; step < 10; step++) await whole.run({}, { seed: 3, step });
  const first = await compile(walk, options);
  for (let step = 0; step < 6; step++) await first.run({}, { seed: 3, step });
  const second = await compile(walk, options);
  second.load(await first.state());
  for (let step = 6; step < 10; step++) await second.run({}, { seed: 3, step });

  expect(await second.state()).toEqual(await whole.state());
});

/** Seeds and steps as a training uses them: small and one after the other, which mixers find hard. */
const streams = Array.from({ length: 16 }, (_, index) =>
  stream({ seed: index % 4, step: index >> 2 }, index % 3),
);
const all = Float32Array.from(streams.flatMap((values) => [...values]));

/** Pearson's statistic of counts that should all be equal, as standard deviations from its mean. */
function deviation(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return (statistic - freedom) / Math.sqrt(2 * freedom);
}

function histogram(values: Iterable<number>, size: number): number[] {
  const counts = new Array<number>(size).fill(0);
  for (const value of values) counts[value]!++;
  return counts;
}

// 2^20 numbers. A fair generator stays within 5 standard deviations in all but 1 of 10^6 tests.
describe('the draws look uniform and independent', () => {
  test('they are multiples of 2^-24 in [0, 1)', () => {
    expect(all.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(all.every((value) => Number.isInteger(value * 2 ** 24))).toBe(true);
  });

  test.each([0, 4, 8, 12, 16])('8 bits from bit %i up', (shift) => {
    const bits = all.map((value) => Math.floor(value * 2 ** 24) / 2 ** shift);
    const counts = histogram(
      Array.from(bits, (value) => Math.floor(value) & 255),
      256,
    );

    expect(Math.abs(deviation(counts))).toBeLessThan(5);
  });

  test.each([1, 2, 3, 64, 4096])('pairs at distance %i', (lag) => {
    const cell = (value: number) => Math.floor(value * 16);
    const pairs = streams.flatMap((values) =>
      Array.from(values.subarray(lag), (value, index) => 16 * cell(value) + cell(values[index]!)),
    );

    expect(Math.abs(deviation(histogram(pairs, 256)))).toBeLessThan(5);
  });

  test.each([
    ['the next step', { seed: 1, step: 0 }, 0, { seed: 1, step: 1 }, 0],
    ['the next seed', { seed: 1, step: 5 }, 0, { seed: 2, step: 5 }, 0],
    ['the next draw', { seed: 1, step: 5 }, 0, { seed: 1, step: 5 }, 1],
    ['seed and step exchanged', { seed: 1, step: 2 }, 0, { seed: 2, step: 1 }, 0],
  ])('a stream and %s', (_, options, draw, others, otherDraw) => {
    const [first, second] = [stream(options, draw), stream(others, otherDraw)];
    const cell = (value: number) => Math.floor(value * 16);
    const pairs = Array.from(first, (value, index) => 16 * cell(value) + cell(second[index]!));

    expect(Math.abs(deviation(histogram(pairs, 256)))).toBeLessThan(5);
    // The streams are not one stream, shifted: no number of one is where the other would have it.
    const places = new Map(Array.from(first, (value, index) => [value, index]));
    const shifts = Array.from(second, (value, index) => (places.get(value) ?? Number.NaN) - index);
    const repeated = histogramOf(shifts.filter((shift) => !Number.isNaN(shift)));
    expect(Math.max(...repeated)).toBeLessThan(10);
  });

  test('mean and variance', () => {
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;

    // Standard errors of 2^20 numbers: 2.8e-4 and 7.3e-5.
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * 2.8e-4);
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * 7.3e-5);
  });
});

function histogramOf(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values(), 0];
}
