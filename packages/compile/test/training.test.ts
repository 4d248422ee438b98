import { compile, eager, type StepFunction } from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import { testBackend } from '@rodpo/testing/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

const shapes = { hidden: [6, 16], hiddenBias: [16], output: [16, 3], outputBias: [3] };
const names = Object.keys(shapes) as (keyof typeof shapes)[];

/** A step of Adam on a small classifier with dropout. */
const train: StepFunction = ({ state, inputs, uniform }) => {
  const keep = tf.mul(tf.cast(tf.greaterEqual(uniform([8, 16]), 0.2), 'float32'), 1 / 0.8);
  const loss = (...[hidden, hiddenBias, output, outputBias]: tf.Tensor[]) => {
    const activity = tf.relu(tf.add(tf.matMul(inputs.x!, hidden!), hiddenBias!));
    const scores = tf.add(tf.matMul(tf.mul(activity, keep), output!), outputBias!);
    const target = tf.cast(tf.oneHot(inputs.label!, 3), 'float32');
    return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(scores), target), -1))) as tf.Scalar;
  };
  const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => state[name]!));

  const step = tf.add(state.step!, 1);
  const updated = names.map((name, index) => {
    const gradient = grads[index]!;
    const first = tf.add(tf.mul(state[`${name}.first`]!, 0.9), tf.mul(gradient, 0.1));
    const second = tf.add(
      tf.mul(state[`${name}.second`]!, 0.99),
      tf.mul(tf.square(gradient), 0.01),
    );
    const unbiased = (moment: tf.Tensor, decay: number) =>
      tf.div(moment, tf.sub(1, tf.pow(tf.scalar(decay), step)));
    const move = tf.div(unbiased(first, 0.9), tf.add(tf.sqrt(unbiased(second, 0.99)), 1e-6));
    const weights = tf.sub(state[name]!, tf.mul(move, 0.02));
    return { [name]: weights, [`${name}.first`]: first, [`${name}.second`]: second };
  });
  return { outputs: { loss: value }, state: Object.assign({ step }, ...updated) };
};

function initialState(): Record<string, NamedArray> {
  const normal = gaussianRandom(seededRandom(3));
  const state: Record<string, NamedArray> = { step: { shape: [], data: Float32Array.of(0) } };
  for (const name of names) {
    const shape = shapes[name];
    const size = shape.reduce((product, extent) => product * extent, 1);
    state[name] = { shape, data: Float32Array.from({ length: size }, () => 0.3 * normal()) };
    state[`${name}.first`] = { shape, data: new Float32Array(size) };
    state[`${name}.second`] = { shape, data: new Float32Array(size) };
  }
  return state;
}

async function losses(make: typeof eager, steps: number) {
  const normal = gaussianRandom(seededRandom(4));
  const program = await make(train, {
    state: initialState(),
    inputs: { x: { shape: [8, 6], dtype: 'float32' }, label: { shape: [8], dtype: 'int32' } },
  });
  const x = Float32Array.from({ length: 48 }, normal);
  const label = Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1);
  const values: number[] = [];
  for (let seed = 0; seed < steps; seed++) {
    values.push((await program.run({ x, label }, { seed })).loss![0]!);
  }
  await program.dispose();
  return values;
}

test('a model trains alike compiled and eagerly', async () => {
  const expected = await losses(eager, 20);

  // Adam divides by the gradient's size, so that roundings of small gradients show: 1e-4.
  expectAllClose(await losses(compile, 20), expected, { relative: 1e-4, absolute: 0 });
  expect(expected.at(-1)).toBeLessThan(expected[0]! / 2);
});

test('the eager engine runs on the wasm backend', async (context) => {
  const folder = new URL('./', import.meta.resolve('@tensorflow/tfjs-backend-wasm'));
  setWasmPaths(folder.pathname);
  const isReady = await tf.setBackend('wasm').catch(() => false);
  if (!isReady) {
    await tf.setBackend(testBackend);
    context.skip('the wasm backend could not be loaded here');
  }
  try {
    const onWasm = await losses(eager, 5);
    await tf.setBackend(testBackend);

    expectAllClose(onWasm, await losses(eager, 5), { relative: 1e-4, absolute: 0 });
  } finally {
    await tf.setBackend(testBackend);
  }
});
