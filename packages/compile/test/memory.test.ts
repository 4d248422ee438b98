import '@rodpo/testing/tfjs';
import { compile, eager, type StepFunction, UnsupportedKernelError } from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { batch, descend, descendOptions, float } from './programs.ts';

const held = () => {
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  return { numTensors, numDataBuffers, numBytes };
};

/** A gradient through `customGrad`, which saves tensors for the way back. */
const saving: StepFunction = ({ inputs }) => {
  const cube = tf.customGrad((x, save) => {
    (save as (tensors: tf.Tensor[]) => void)([x as tf.Tensor]);
    return {
      value: tf.pow(x as tf.Tensor, 3),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, tf.mul(3, tf.square(saved[0]!))),
    };
  });
  return { outputs: { dx: tf.grad((x) => tf.sum(cube(tf.tanh(x))))(inputs.x!) } };
};

test('an eager program holds its state and nothing else, and frees it', async () => {
  const before = held();
  const program = await eager(descend, descendOptions);
  for (let seed = 0; seed < 200; seed++) await program.run(batch, { seed });
  program.load(await program.state());

  expect(held()).toEqual({
    numTensors: before.numTensors + 1,
    numDataBuffers: before.numDataBuffers + 1,
    numBytes: before.numBytes + 4 * 6,
  });
  await program.dispose();
  expect(held()).toEqual(before);
});

test('compiling leaves no tensor behind, whether it succeeds or fails', async () => {
  const before = held();
  for (let count = 0; count < 20; count++) {
    await (await compile(saving, float(3))).dispose();
    await (await compile(descend, descendOptions)).dispose();
    const failing: StepFunction = ({ inputs }) => ({
      outputs: { y: tf.grad((x) => tf.sum(tf.mul(tf.exp(x), tf.unique(x).values)))(inputs.x!) },
    });
    await expect(compile(failing, float(3))).rejects.toThrow(UnsupportedKernelError);
  }

  expect(held()).toEqual(before);
});

/** State of 1 MB and random numbers of 1 MB: one buffer lost per run would be 800 MB over 800 runs. */
test('1,000 compiled runs take no more memory than the first 200', async () => {
  const size = 2 ** 18;
  const program = await compile(
    ({ state, uniform }) => ({
      outputs: { first: tf.slice(state.s!, 0, 1), noise: tf.sum(uniform([size])) },
      state: { s: tf.add(state.s!, 1) },
    }),
    { inputs: {}, state: { s: { shape: [size], data: new Float32Array(size) } } },
  );
  for (let step = 0; step < 200; step++) await program.run({}, { step });
  const before = process.memoryUsage().rss;
  for (let step = 200; step < 1000; step++) await program.run({}, { step });

  // 100 MB: an eighth of what the smallest leak would take, far above what collection leaves open.
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  expect((await program.run({})).first).toEqual(Float32Array.of(1000));
  await program.dispose();
});
