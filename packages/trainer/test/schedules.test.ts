import { compile, eager, type StepFunction } from '@rodpo/compile';
import { isActionable } from '@rodpo/errors';
import { expectAllClose } from '@rodpo/testing';
import { expectTensors } from '@rodpo/testing/tfjs';
import { constantSchedule, cosineSchedule, linearSchedule, type Schedule } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { golden } from './optim-golden.ts';

const makers = { constant: constantSchedule, linear: linearSchedule, cosine: cosineSchedule };

describe.each(golden.schedules)('$kind, $options', ({ kind, options, steps, rates }) => {
  const schedule = makers[kind](options);

  test('is that of transformers and torch, of numbers', () => {
    // Doubles in another order; near the bottom of a wave theirs lose digits, up to 1e-16 of the top.
    expectAllClose(
      steps.map((step) => schedule(step)),
      rates,
      { relative: 1e-12, absolute: 1e-19 },
    );
  });

  test.each(['int32', 'float32'] as const)('and of %s tensors', (dtype) => {
    const found = steps.map((step) => {
      const rate = schedule(tf.scalar(step, dtype));
      expect([rate.dtype, rate.shape]).toEqual(['float32', []]);
      return rate.dataSync()[0]!;
    });
    expectAllClose(found, rates, { relative: 1e-6, absolute: 1e-19 });
  });
});

test.each([
  ['eager', eager],
  ['compile', compile],
] as const)('%s: a step in the state needs no other trace', async (_, start) => {
  const options = { learningRate: 3e-4, totalSteps: 20, warmUpSteps: 4 };
  const schedules = {
    constant: constantSchedule(options),
    linear: linearSchedule(options),
    cosine: cosineSchedule(options),
  };
  let traces = 0;
  const count: StepFunction = ({ state }) => {
    traces++;
    const rates = Object.entries(schedules).map(([name, schedule]) => [name, schedule(state.at!)]);
    return {
      outputs: Object.fromEntries(rates),
      state: { at: tf.add(state.at!, tf.scalar(1, 'int32')) },
    };
  };
  const program = await start(count, {
    inputs: {},
    state: { at: { shape: [], data: Int32Array.of(0) } },
  });
  const found: number[][] = [];
  for (let step = 0; step < 25; step++) {
    const rates = await program.run({});
    found.push(Object.keys(schedules).map((name) => rates[name]![0]!));
  }
  const expected = found.map((_, step) => Object.values(schedules).map((rate) => rate(step)));

  expectAllClose(found.flat(), expected.flat(), { relative: 1e-6, absolute: 0 });
  if (start === compile) expect(traces).toBe(1);
  await program.dispose();
});

test('a wave stays at its end, where that of transformers would rise again', () => {
  const half = cosineSchedule({ learningRate: 1, totalSteps: 10, finalRate: 0.125 });

  expect([10, 11, 20, 1e6].map((step) => half(step))).toEqual([0.125, 0.125, 0.125, 0.125]);
  expect(half(tf.scalar(20)).arraySync()).toBe(0.125);
});

test('is least at the end and greatest after the warm-up', () => {
  const schedule = cosineSchedule({ learningRate: 2, totalSteps: 100, warmUpShare: 0.25 });
  const rates = Array.from({ length: 101 }, (_, step) => schedule(step));

  expect(rates[0]).toBe(0);
  expect(rates.indexOf(Math.max(...rates))).toBe(25);
  expect(rates[25]).toBe(2);
  expect(rates[100]).toBe(0);
});

test('leaves only its result behind', () => {
  const options = { learningRate: 1, totalSteps: 10, warmUpSteps: 2 };
  for (const schedule of [constantSchedule, linearSchedule, cosineSchedule]) {
    const step = tf.scalar(3, 'int32');
    expectTensors(1, () => schedule(options)(step));
  }
});

const make = (options: Record<string, number>, kind = cosineSchedule as unknown): Schedule =>
  (kind as (options: unknown) => Schedule)({ learningRate: 1, totalSteps: 10, ...options });

test.each([
  [{ warmUpSteps: 11 }, 'warmUpSteps must be an integer from 0 to 10, got 11'],
  [{ warmUpSteps: 1.5 }, 'warmUpSteps must be an integer from 0 to 10, got 1.5'],
  [{ warmUpShare: 1.5 }, 'warmUpShare must be a share of all steps from 0 to 1, got 1.5'],
  [{ totalSteps: 0 }, 'totalSteps must be a positive integer, got 0'],
  [{ learningRate: Number.NaN }, 'learningRate must be a finite number from 0, got NaN'],
  [{ finalRate: -1 }, 'finalRate must be a finite number from 0, got -1'],
  [{ cycles: 0 }, 'cycles must be a positive number, got 0'],
])('refuses %o', (options, message) => {
  let error: unknown;
  try {
    make(options);
  } catch (caught) {
    error = caught;
  }
  expect(String(error)).toContain(`RangeError: ${message}`);
  expect(isActionable(error)).toBe(true);
});

test('a share of nothing is refused', () => {
  expect(() => constantSchedule({ learningRate: 1, warmUpShare: 0.1 })).toThrow(
    'warmUpShare is a share of totalSteps, which were not given. Give both.',
  );
});
