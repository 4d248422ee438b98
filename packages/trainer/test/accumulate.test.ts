import { compile, eager, type StepFunction } from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import { expectAllClose } from '@rodpo/testing';
import { expectTensors } from '@rodpo/testing/tfjs';
import { accumulate, accumulationState, choose, differentiate, optimiser } from '@rodpo/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { golden } from './optim-golden.ts';
import { tensorsOf } from './tensors-of.ts';
import { valuesOf } from './values-of.ts';

const parameters = { x: { shape: [2], data: Float32Array.of(1, 2) } };

test('the mean is due with the last micro-batch, and then it begins anew', () => {
  let state = tensorsOf(accumulationState(parameters));
  const seen = [3, 6, 9, 30, 0, 0].map((value) => {
    const next = accumulate({ x: tf.tensor1d([value, -value]) }, state, 3);
    state = next.state;
    return [next.isDue.arraySync(), next.gradients.x.arraySync()];
  });

  expect(seen.map(([isDue]) => isDue)).toEqual([0, 0, 1, 0, 0, 1]);
  // Thirds are not exact in float32: a rounding for each of three terms.
  expectAllClose(seen[2]![1] as number[], [6, -6], { relative: 2e-7, absolute: 0 });
  expectAllClose(seen[5]![1] as number[], [10, -10], { relative: 2e-7, absolute: 0 });
  expect(valuesOf(state)).toEqual(valuesOf(tensorsOf(accumulationState(parameters))));
});

test('choose takes all of one side, whatever is on the other', () => {
  const taken = { a: tf.tensor2d([[1, 2]]), n: tf.scalar(1, 'int32') };
  const left = { a: tf.tensor2d([[NaN, Infinity]]), n: tf.scalar(7, 'int32') };
  const [yes, no] = [tf.scalar(true, 'bool'), tf.scalar(false, 'bool')];

  expect(valuesOf(choose(yes, taken, left))).toEqual({ a: [1, 2], n: [1] });
  expect(valuesOf(choose(no, left, taken))).toEqual({ a: [1, 2], n: [1] });
  expect(valuesOf(choose(no, taken, left)).n).toEqual([7]);
  expect(choose(yes, taken, left).n.dtype).toBe('int32');
  expect(() => choose(yes, { ...taken, b: yes }, taken as never)).toThrow(
    "Expected a tensor 'b', got none",
  );
});

test('leave only their results behind', () => {
  const state = tensorsOf(accumulationState(parameters));
  const gradients = tensorsOf(parameters);
  expectTensors(1 + 1 + 2, () => accumulate(gradients, state, 2));
  const condition = tf.scalar(true, 'bool');
  expectTensors(1, () => choose(condition, gradients, gradients));
});

test('refuses steps that are none, and gradients without state', () => {
  const state = tensorsOf(accumulationState(parameters));
  expect(() => accumulate({}, state, 0)).toThrow('steps must be a positive integer, got 0');
  expect(() => accumulate({ y: tf.scalar(1) }, state, 2)).toThrow(
    "Expected a state 'accumulated.gradient.y', got none",
  );
});

const { x, y, whole, parts } = golden.accumulation;
const start: Record<string, NamedArray> = {
  weights: { shape: [3], data: Float32Array.of(0.5, -0.25, 1) },
  bias: { shape: [], data: Float32Array.of(0.5) },
};

/** Least squares on batches of `size` rows, `count` of which make an update. */
async function train(engine: typeof eager, size: number, count: number) {
  const rule = optimiser({
    learningRate: 0.01,
    weightDecay: 0.1,
    maxGradientNorm: 1,
    accumulationSteps: count,
  });
  const step: StepFunction = ({ state, inputs }) => {
    const { weights, bias, ...moments } = state as Record<string, tf.Tensor>;
    const { gradients } = differentiate(
      ({ weights, bias }) => {
        const predicted = tf.add(tf.sum(tf.mul(inputs.x!, weights!), 1), bias!);
        return tf.mean(tf.square(tf.sub(predicted, inputs.y!)));
      },
      { weights: weights!, bias: bias! },
    );
    const next = rule.update({ weights: weights!, bias: bias! }, gradients, moments);
    return { outputs: {}, state: { ...next.parameters, ...next.state } };
  };
  const program = await engine(step, {
    state: { ...start, ...rule.state(start) },
    inputs: {
      x: { shape: [size, 3], dtype: 'float32' },
      y: { shape: [size], dtype: 'float32' },
    },
  });
  for (let batch = 0; batch < 50 * count; batch++) {
    const first = (batch * size) % x.length;
    await program.run({
      x: Float32Array.from(x.slice(first, first + size).flat()),
      y: Float32Array.from(y.slice(first, first + size)),
    });
  }
  const { weights, bias, ...state } = await program.state();
  await program.dispose();
  return { weights: [...weights!.data], bias: [...bias!.data], state };
}

describe.each([
  ['eager', eager],
  ['compile', compile],
] as const)('%s', (_, engine) => {
  test('fifty updates of four micro-batches are those of one batch, and of torch', async () => {
    const large = await train(engine, 12, 1);
    const small = await train(engine, 3, 4);
    // torch's own two ways differ by 2e-7 after 50 updates.
    const close = { relative: 1e-6, absolute: 1e-7 };

    expectAllClose(small.weights, large.weights, close);
    expectAllClose(small.bias, large.bias, close);
    expectAllClose(large.weights, whole.weights, close);
    expectAllClose(large.bias, whole.bias, close);
    expectAllClose(small.weights, parts.weights, close);
    expect(small.state['update.count']!.data[0]).toBe(50);
    expect(small.state['accumulated.count']!.data[0]).toBe(0);
  });
});
