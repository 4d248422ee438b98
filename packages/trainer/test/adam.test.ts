import { readFileSync } from 'node:fs';
import { expectAllClose } from '@rodpo/testing';
import { expectTensors } from '@rodpo/testing/tfjs';
import { type AdamOptions, adam, adamState } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { valuesOf } from './values-of.ts';

interface Values {
  readonly vector: number[];
  readonly scalar: number;
}

interface GoldenRun {
  readonly options: { readonly lr: number; readonly betas?: [number, number]; eps?: number };
  readonly start: Values;
  readonly steps: { readonly gradients: Values; readonly parameters: Values }[];
  readonly first: number[];
  readonly second: number[];
}

/** What torch.optim.Adam computes; `adam.py` made the file. */
const golden: { readonly runs: GoldenRun[] } = JSON.parse(
  readFileSync(new URL('golden/adam.json', import.meta.url), 'utf8'),
);

const tensors = ({ vector, scalar }: Values): Record<string, tf.Tensor> => ({
  vector: tf.tensor1d(vector),
  scalar: tf.scalar(scalar),
});

/** The state before the first step, for parameters of these values. */
const freshState = (parameters: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> => {
  const arrays = Object.entries(parameters).map(
    ([name, { shape, size }]) => [name, { shape, data: new Float32Array(size) }] as const,
  );
  return Object.fromEntries(
    Object.entries(adamState(Object.fromEntries(arrays))).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape]),
    ]),
  );
};

function optionsOf({ lr, betas, eps }: GoldenRun['options']): AdamOptions {
  if (betas === undefined || eps === undefined) return { learningRate: lr };
  return { learningRate: lr, beta1: betas[0], beta2: betas[1], epsilon: eps };
}

// Five steps of float32 arithmetic in another order: 1e-5 of the value. The smallest parameter
// that is not 0 is near 1e-7, so the absolute part must lie far below.
const tolerance = { relative: 1e-5, absolute: 1e-11 };

test.each(golden.runs)('agrees with torch.optim.Adam: $options', (run) => {
  let parameters = tensors(run.start);
  let state = freshState(parameters);
  for (const step of run.steps) {
    const next = adam(parameters, tensors(step.gradients), state, optionsOf(run.options));
    ({ parameters, state } = next);

    expectAllClose(parameters.vector!.dataSync(), step.parameters.vector, tolerance);
    expectAllClose(parameters.scalar!.dataSync(), [step.parameters.scalar], tolerance);
    expect(parameters.scalar!.shape).toEqual([]);
  }

  const relative = { relative: 1e-5, absolute: 0 };
  expectAllClose(state['adam.first.vector']!.dataSync(), run.first, relative);
  expectAllClose(state['adam.second.vector']!.dataSync(), run.second, relative);
});

test('the first step is the learning rate against the gradient, whatever its size', () => {
  const slopes = [3, -4e-4, 1e10, 0];
  const parameters = { x: tf.zeros([4]) };
  const step = adam(parameters, { x: tf.tensor1d(slopes) }, freshState(parameters), {
    learningRate: 0.01,
  });

  // m̂ = g and v̂ = g², so the step is −lr · g / (|g| + ε): −lr · sign(g) up to ε / |g| = 2.5e-5.
  expectAllClose(step.parameters.x!.dataSync(), [-0.01, 0.01, -0.01, 0], { relative: 3e-5 });
});

test('adamState is zeros: two moments per parameter and two of its own', () => {
  const state = adamState({
    'layer.weights': { shape: [2, 3], data: new Float32Array(6).fill(1) },
  });
  const scalar = { shape: [], data: new Float32Array(1) };
  const matrix = { shape: [2, 3], data: new Float32Array(6) };

  expect(state).toEqual({
    'adam.unit.first': scalar,
    'adam.unit.second': scalar,
    'adam.first.layer.weights': matrix,
    'adam.second.layer.weights': matrix,
  });
});

test.each(['unit', 'first', 'unit.first'])('a parameter may be named %s', (name) => {
  const update = (own: string) => {
    const parameters = { [own]: tf.tensor1d([1, 2]) };
    const gradients = { [own]: tf.tensor1d([1, -3]) };
    return adam(parameters, gradients, freshState(parameters), { learningRate: 0.1 });
  };

  expect(valuesOf(update(name).parameters)[name]).toEqual(valuesOf(update('x').parameters).x);
});

test('changes none of its inputs, and leaves only its results behind', () => {
  const parameters = { a: tf.tensor1d([1, 2]), b: tf.scalar(3) };
  const gradients = { a: tf.tensor1d([1, -1]), b: tf.scalar(0.5) };
  const state = freshState(parameters);
  const before = [parameters, gradients, state].map(valuesOf);

  // Two parameters, their two moments each, and the two moments of one.
  expectTensors(2 + 4 + 2, () => adam(parameters, gradients, state, { learningRate: 0.1 }));
  expect([parameters, gradients, state].map(valuesOf)).toEqual(before);
});

test('returns state under the names it was given', () => {
  const parameters = { a: tf.tensor1d([1, 2]) };
  const state = freshState(parameters);
  const next = adam(parameters, parameters, state, { learningRate: 0.1 }).state;

  expect(Object.keys(next).sort()).toEqual(Object.keys(state).sort());
});

test('says which gradient or state is missing, or of another shape', () => {
  const parameters = { a: tf.tensor1d([1, 2]) };
  const state = freshState(parameters);
  const step = (gradients: Record<string, tf.Tensor>, from = state) =>
    adam(parameters, gradients, from, { learningRate: 0.1 });

  expect(() => step({})).toThrow(
    new RangeError("Expected a gradient 'a', got none. Give one to every parameter."),
  );
  expect(() => step(parameters, {})).toThrow("Expected a state 'adam.unit.first', got none");
  expect(() => step({ a: tf.scalar(1) })).toThrow("adam: gradient 'a': Shapes  and 2 must match");
});
