import { expectTensors } from '@rodpo/testing/tfjs';
import { adam, adamW, linearSchedule, optimiser, sgd } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { tensorsOf } from './tensors-of.ts';
import { valuesOf } from './values-of.ts';

const parameters = { x: { shape: [2], data: Float32Array.of(1, 2) } };
const gradients = { x: tf.tensor1d([3, -4]) };

test('its state has a name for everything, and no more than is asked for', () => {
  const names = (options: object) =>
    Object.keys(optimiser({ learningRate: 1, ...options }).state(parameters)).sort();
  const adam = ['adam.first.x', 'adam.second.x', 'adam.unit.first', 'adam.unit.second'];

  expect(names({})).toEqual([...adam, 'update.count']);
  expect(names({ accumulationSteps: 2, average: { decay: 0.9 } })).toEqual(
    [
      ...adam,
      'accumulated.count',
      'accumulated.gradient.x',
      'average.count',
      'average.weights.x',
      'update.count',
    ].sort(),
  );
});

test('returns all of its state under its names, and leaves only results behind', () => {
  const rule = optimiser({
    learningRate: linearSchedule({ learningRate: 1, totalSteps: 10 }),
    accumulationSteps: 2,
    average: { decay: 0.9 },
    maxGradientNorm: 1,
  });
  const state = tensorsOf(rule.state(parameters));
  const weights = tensorsOf(parameters);
  const next = rule.update(weights, gradients, state);

  expect(Object.keys(next.state).sort()).toEqual(Object.keys(state).sort());
  // A parameter, nine of state, rate and norm.
  expectTensors(1 + 9 + 2, () => rule.update(weights, gradients, state));
});

test('nothing but the sums changes before an update is due; the schedule counts updates', () => {
  const rule = optimiser({
    learningRate: linearSchedule({ learningRate: 1, totalSteps: 10 }),
    accumulationSteps: 2,
    average: { decay: 0.5 },
  });
  let weights = tensorsOf(parameters);
  let state = tensorsOf(rule.state(parameters));
  const rates: number[] = [];
  const changed: boolean[] = [];
  for (let batch = 0; batch < 6; batch++) {
    const next = rule.update(weights, gradients, state);
    rates.push(next.learningRate.dataSync()[0]!);
    changed.push(String(valuesOf(next.parameters).x) !== String(valuesOf(weights).x));
    if (!changed.at(-1)) {
      const { 'accumulated.gradient.x': sum, 'accumulated.count': count, ...rest } = next.state;
      expect(valuesOf({ sum: sum!, count: count! })).toEqual({ sum: [1.5, -2], count: [1] });
      const same = Object.fromEntries(Object.keys(rest).map((name) => [name, state[name]!]));
      expect(valuesOf(rest)).toEqual(valuesOf(same));
    }
    ({ parameters: weights, state } = next);
  }

  expect(changed).toEqual([false, true, false, true, false, true]);
  expect(rates.map((rate) => Math.round(rate * 100) / 100)).toEqual([1, 1, 0.9, 0.9, 0.8, 0.8]);
});

test('tells the norm only where it is computed, and a rate that is constant', () => {
  const step = (options: object) => {
    const rule = optimiser({ learningRate: 0.5, ...options });
    return rule.update(tensorsOf(parameters), gradients, tensorsOf(rule.state(parameters)));
  };

  expect(step({}).gradientNorm).toBeUndefined();
  expect(step({}).learningRate.arraySync()).toBe(0.5);
  expect(step({ maxGradientNorm: Infinity }).gradientNorm!.arraySync()).toBe(5);
  expect(valuesOf(step({ maxGradientNorm: Infinity }).parameters)).toEqual(
    valuesOf(step({}).parameters),
  );
});

test('gradients beside count in the norm, and are clipped, not followed', () => {
  const beside = { rows: tf.tensor([5, 0, 0, -10]) };
  const step = (options: object) => {
    const rule = optimiser({ learningRate: 0.5, ...options });
    return rule.update(tensorsOf(parameters), gradients, tensorsOf(rule.state(parameters)), beside);
  };

  // Those of the parameters have the norm 5: √(25 + 25 + 100).
  const norm = Math.sqrt(150);
  const next = step({ maxGradientNorm: 1 });
  expect(next.gradientNorm!.arraySync()).toBeCloseTo(norm, 5);
  for (const [place, value] of [5, 0, 0, -10].entries()) {
    expect(next.beside.rows!.dataSync()[place]).toBeCloseTo(value / norm, 5);
  }
  expect(Object.keys(next.parameters)).toEqual(Object.keys(parameters));
  expect(valuesOf(step({}).beside)).toEqual({ rows: [5, 0, 0, -10] });
});

test('alone, it is adamW', () => {
  const rule = optimiser({ learningRate: 0.5, weightDecay: 0.1 });
  const state = tensorsOf(rule.state(parameters));
  const options = { learningRate: 0.5, weightDecay: 0.1 };

  expect(valuesOf(rule.update(tensorsOf(parameters), gradients, state).parameters)).toEqual(
    valuesOf(adamW(tensorsOf(parameters), gradients, state, options).parameters),
  );
});

test('refuses what makes no sense, and a state of another', () => {
  expect(() => optimiser({ learningRate: 1, accumulationSteps: 0 })).toThrow(
    'accumulationSteps must be a positive integer, got 0',
  );
  for (const rate of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const message = `learningRate must be a finite number from 0, got ${rate}`;
    expect(() => optimiser({ learningRate: rate })).toThrow(message);
    for (const step of [adam, adamW, sgd]) {
      expect(() => step({}, {}, {}, { learningRate: rate })).toThrow(message);
    }
  }
  expect(() => optimiser({ learningRate: 1, maxGradientNorm: 0 })).toThrow(
    'maxGradientNorm must be a positive number, got 0',
  );
  expect(() => adamW({}, {}, {}, { learningRate: 1, weightDecay: -1 })).toThrow(
    'weightDecay must be a number from 0, got -1',
  );
  expect(() => optimiser({ learningRate: 1 }).update({}, {}, {})).toThrow(
    "Expected a state 'update.count', got none",
  );
});
