import '@rodpo/testing/tfjs';
import { compile, eager, type StepFunction } from '@rodpo/compile';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { engines } from './engines.ts';
import { stepOf } from './programs.ts';

afterEach(() => {
  tf.disposeVariables();
});

const counting = (variable: tf.Variable): StepFunction => {
  return () => {
    variable.assign(tf.add(variable, 1));
    return { outputs: { count: tf.mul(variable, 10) } };
  };
};

describe.each(engines)('%s', (_, make) => {
  test('carries the variables that a step reads and assigns', async () => {
    const count = tf.variable(tf.tensor1d([0, 5]), false, 'count');
    const program = await make(counting(count), { inputs: {} });
    await program.run({});

    expect((await program.run({})).count).toEqual(Float32Array.of(20, 70));
    expect(await program.state()).toEqual({ count: { shape: [2], data: Float32Array.of(2, 7) } });
    program.load({ count: { shape: [2], data: Float32Array.of(-1, 0) } });
    expect((await program.run({})).count).toEqual(Float32Array.of(0, 10));
  });

  test('gives the variables their values on demand', async () => {
    const count = tf.variable(tf.tensor1d([0, 5]), false, 'count');
    const program = await make(counting(count), { inputs: {} });
    await program.run({});
    program.assignVariables();

    expect([...(await count.data())]).toEqual([1, 6]);
    await program.dispose();
    expect([...(await count.data())]).toEqual([1, 6]);
  });

  test('takes another tensor, or another variable, as the new value', async () => {
    const a = tf.variable(tf.scalar(1), false, 'a');
    const b = tf.variable(tf.scalar(2), false, 'b');
    const outer = tf.scalar(7);
    const program = await make(
      () => {
        const before = tf.add(a, 0);
        a.assign(b as tf.Scalar);
        b.assign(outer);
        return { outputs: { before, a: tf.add(a, 0) } };
      },
      { inputs: {} },
    );

    expect(await program.run({})).toEqual({ before: Float32Array.of(1), a: Float32Array.of(2) });
    expect(await program.run({})).toEqual({ before: Float32Array.of(2), a: Float32Array.of(7) });
    expect([...(await outer.data())]).toEqual([7]);
  });

  test.each<[string, () => tf.Optimizer]>([
    ['sgd', () => tf.train.sgd(0.1)],
    ['momentum', () => tf.train.momentum(0.1, 0.9)],
    ['adagrad', () => tf.train.adagrad(0.1)],
    ['adadelta', () => tf.train.adadelta(0.1)],
    ['adam', () => tf.train.adam(0.1)],
    ['adamax', () => tf.train.adamax(0.1)],
    ['rmsprop', () => tf.train.rmsprop(0.1, 0.9, 0.5, undefined, true)],
  ])('trains with tf.train.%s', async (_, optimiser) => {
    const losses = await descend(make, optimiser());
    tf.disposeVariables();
    const expected = await tfjsAlone(optimiser());

    expectAllClose(losses, expected, { relative: 1e-5, absolute: 0 });
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  test('refuses a state and a variable of one name', async () => {
    const count = tf.variable(tf.scalar(0), false, 'weights');
    const state = { weights: { shape: [], data: new Float32Array(1) } };
    const started = make(({ state }) => ({ outputs: { sum: tf.add(state.weights!, count) } }), {
      inputs: {},
      state,
    });
    if (make === eager) return; // It keeps the two apart until the variable is assigned.
    await expect(started).rejects.toThrow(/'weights' names both/);
  });
});

/** Fits a line; the optimiser makes its moments in the first step. */
function fit(optimiser: tf.Optimizer, slope: tf.Variable): tf.Scalar {
  const x = tf.tensor1d([1, 2, 3]);
  const loss = () => tf.mean(tf.square(tf.sub(tf.mul(x, slope), 1))) as tf.Scalar;
  return optimiser.minimize(loss, true, [slope])!;
}

async function descend(make: typeof eager, optimiser: tf.Optimizer): Promise<number[]> {
  const slope = tf.variable(tf.scalar(3), true, 'slope');
  const program = await make(() => ({ outputs: { loss: fit(optimiser, slope) } }), { inputs: {} });
  const losses: number[] = [];
  for (let run = 0; run < 8; run++) losses.push((await program.run({})).loss![0]!);
  program.assignVariables();
  expect((await slope.data())[0]).toBeLessThan(3);
  await program.dispose();
  return losses;
}

async function tfjsAlone(optimiser: tf.Optimizer): Promise<number[]> {
  const slope = tf.variable(tf.scalar(3), true, 'slope');
  const losses: number[] = [];
  for (let run = 0; run < 8; run++) losses.push((await fit(optimiser, slope).data())[0]!);
  return losses;
}

test('compiling leaves variables as they were', async () => {
  const count = tf.variable(tf.tensor1d([0, 5]), false, 'count');
  const { dataId } = count;
  const before = tf.memory();
  const program = await compile(counting(count), { inputs: {} });
  await program.run({});

  expect(count.dataId).toBe(dataId);
  expect([...count.dataSync()]).toEqual([0, 5]);
  expect(tf.memory()).toEqual(before);
  tf.dispose(count);
  expect(tf.memory().numTensors).toBe(before.numTensors - 1);
});

test('variables that share their data stay apart', async () => {
  const start = tf.scalar(1);
  const policy = tf.variable(tf.scalar(0), true, 'policy');
  const reference = tf.variable(tf.scalar(0), false, 'reference');
  policy.assign(start);
  reference.assign(start); // as model.setWeights(other.getWeights()) does
  const step: StepFunction = () => {
    policy.assign(tf.add(policy, 1));
    return { outputs: { both: tf.stack([policy, reference, start]) } };
  };
  const program = await compile(step, { inputs: {} });
  await program.run({});

  expect((await program.run({})).both).toEqual(Float32Array.of(3, 1, 1));
  expect([policy, reference, start].map((tensor) => tensor.dataSync()[0])).toEqual([1, 1, 1]);
});

test('a variable that only a later part of the process knows is no part of a program', async () => {
  const used = tf.variable(tf.scalar(2), false, 'used');
  tf.variable(tf.scalar(3), false, 'unused');
  const program = await compile(
    stepOf((x) => tf.mul(x, used)),
    {
      inputs: { x: { shape: [1], dtype: 'float32' } },
    },
  );

  expect(Object.keys(await program.state())).toEqual(['used']);
  expect((await program.run({ x: Float32Array.of(4) })).y).toEqual(Float32Array.of(8));
});

test('a step that always creates variables is refused, and leaves none', async () => {
  const step: StepFunction = () => ({ outputs: { one: tf.variable(tf.ones([2])) } });

  await expect(compile(step, { inputs: {} })).rejects.toThrow(
    /^The step creates tf.Variables \(.+\) each time it is called/,
  );
});

test('a created variable may not start from an input', async () => {
  const step: StepFunction = ({ inputs }) => ({
    outputs: { one: tf.variable(tf.exp(inputs.x!), false, 'started') },
  });
  const inputs = { x: { shape: [1], dtype: 'float32' } } as const;

  await expect(compile(step, { inputs })).rejects.toThrow(
    /^The initial value of a tf.Variable that the step creates depends on 'input\/x'/,
  );
  expect(tf.engine().state.registeredVariables).toEqual({});
});

test('a step that fails leaves the variables as they were', async () => {
  const count = tf.variable(tf.scalar(4), false, 'count');
  const before = tf.memory();
  const step: StepFunction = () => {
    count.assign(tf.add(count, 1));
    tf.variable(tf.scalar(0), false, 'made');
    throw new Error('my own');
  };

  await expect(compile(step, { inputs: {} })).rejects.toThrow('my own');
  expect(count.dataSync()[0]).toBe(4);
  expect(tf.memory()).toEqual(before);
});
