import '@rodpo/testing/tfjs';
import { compile, type StepFunction } from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const inputs = { x: { shape: [2, 3], dtype: 'float32' } } as const;
const kernel = { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
const x = Float32Array.of(1, 0, 0, 1, 1, 1);

const apply: StepFunction = ({ inputs, state }) => {
  const doubled = tf.mul(state.kernel!, 2) as tf.Tensor2D;
  return { outputs: { y: tf.matMul(inputs.x as tf.Tensor2D, doubled) } };
};

test('a frozen program gives what it gives unfrozen, and computes on its weights only once', async () => {
  const count = async (frozen: boolean) => {
    const program = await compile(apply, { inputs, state: { kernel }, frozen, profile: true });
    // x · 2W, by hand
    expect((await program.run({ x })).y).toEqual(Float32Array.of(2, 4, 18, 24));
    expect(await program.state()).toEqual({ kernel });
    const operators = (await program.profile()).map(({ operator }) => operator);
    await program.dispose();
    return operators;
  };

  expect(await count(true)).toEqual(['MatMul']);
  expect((await count(false)).length).toBeGreaterThan(0);
});

test('variables are frozen at the values they have', async () => {
  const scale = tf.variable(tf.scalar(3));
  const program = await compile(
    ({ inputs }) => ({ outputs: { y: tf.mul(inputs.x!, scale) } }),
    { inputs, frozen: true }, // biome-ignore format: one argument a line
  );
  scale.assign(tf.scalar(4));

  expect((await program.run({ x })).y).toEqual(Float32Array.of(3, 0, 0, 3, 3, 3));
  await program.dispose();
});

test('draws change from run to run all the same', async () => {
  const program = await compile(
    ({ uniform }) => ({ outputs: { y: uniform([4]) } }),
    { inputs: {}, frozen: true }, // biome-ignore format: one argument a line
  );
  const [first, again, second] = [
    await program.run({}, { step: 0 }),
    await program.run({}, { step: 0 }),
    await program.run({}, { step: 1 }),
  ];

  expect(first).toEqual(again);
  expect(first).not.toEqual(second);
  await program.dispose();
});

test('state that changes cannot be frozen, and frozen state cannot be loaded', async () => {
  const change: StepFunction = ({ state }) => ({
    outputs: {},
    state: { kernel: tf.add(state.kernel!, 1) },
  });

  await expect(compile(change, { inputs, state: { kernel }, frozen: true })).rejects.toThrow(
    new TypeError(
      'The step changes state (kernel), so it cannot be frozen. Compile it without frozen: true.',
    ),
  );
  const program = await compile(apply, { inputs, state: { kernel }, frozen: true });
  expect(() => program.load({ kernel })).toThrow(
    'This program is frozen. Compile the step again with the new state.',
  );
  await program.dispose();
});
