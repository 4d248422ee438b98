import '@tensorflow/tfjs';
import { compile, eager, type NamedTensors, type StepFunction, scan } from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

/** One step of gradient descent on a linear model with dropout. */
const descend: StepFunction = ({ state, inputs, uniform }) => {
  const keep = tf.cast(tf.greater(uniform([4, 3]), 0.5), 'float32');
  const loss = (weights: tf.Tensor) => {
    const error = tf.sub(tf.matMul(tf.mul(inputs.x!, keep), weights), inputs.y!);
    return tf.mean(tf.square(error)) as tf.Scalar;
  };
  const { value, grad } = tf.valueAndGrad(loss)(state.weights!);
  return {
    outputs: { loss: value },
    state: { weights: tf.sub(state.weights!, tf.mul(grad, 0.1)) },
  };
};

const options = {
  state: { weights: { shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) } },
  inputs: {
    x: { shape: [4, 3], dtype: 'float32' },
    y: { shape: [4, 2], dtype: 'float32' },
  },
  noise: (target: Float32Array, seed: number, draw: number) => {
    for (let index = 0; index < target.length; index++) {
      target[index] = ((index + 1) * 0.37 + seed * 0.11 + draw * 0.05) % 1;
    }
  },
} as const;

const x = Float32Array.of(1, -1, 2, 0.5, 1, 0, 2, 2, 1, -1, 0, 3);
const y = Float32Array.of(1, 0, 2, 1, 0, 0, 1, 1);

test('both engines give the same losses and the same state', async () => {
  const native = await compile(descend, options);
  const reference = await eager(descend, options);

  for (let seed = 0; seed < 5; seed++) {
    const got = await native.run({ x, y }, seed);
    const expected = await reference.run({ x, y }, seed);
    expect(got.loss![0]).toBeCloseTo(expected.loss![0]!, 5);
  }
  const weights = (await native.state()).weights!.data;
  for (const [index, value] of (await reference.state()).weights!.data.entries()) {
    expect(weights[index]).toBeCloseTo(value, 5);
  }
  await native.dispose();
  await reference.dispose();
});

test('a loaded state continues as the saved one would have', async () => {
  const first = await compile(descend, options);
  await first.run({ x, y }, 1);
  const saved = await first.state();
  const second = await compile(descend, options);
  second.load(saved);

  expect(await second.run({ x, y }, 2)).toEqual(await first.run({ x, y }, 2));
  expect(await second.state()).toEqual(await first.state());
});

/** Running sums of the rows, and the total times a tensor captured from outside. */
const runningSum: StepFunction = ({ inputs }) => {
  const doubled = tf.mul(inputs.factor!, 2);
  const { carry, outputs } = scan(
    ([sum], [row]) => {
      const next = tf.add(sum!, row!);
      return { carry: [next], outputs: [tf.mul(next, doubled)] };
    },
    [tf.zeros([2])],
    [inputs.rows!],
  );
  return { outputs: { total: carry[0]!, sums: outputs[0]! } as NamedTensors };
};

test.each([
  ['compiled', compile],
  ['eager', eager],
])('scan, %s, carries from slice to slice', async (_, make) => {
  const program = await make(runningSum, {
    inputs: {
      rows: { shape: [3, 2], dtype: 'float32' },
      factor: { shape: [], dtype: 'float32' },
    },
  });
  const { total, sums } = await program.run({
    rows: Float32Array.of(1, 10, 2, 20, 3, 30),
    factor: Float32Array.of(0.5),
  });

  expect(total).toEqual(Float32Array.of(6, 60));
  expect(sums).toEqual(Float32Array.of(1, 10, 3, 30, 6, 60));
});
