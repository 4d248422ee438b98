import '@rodpo/testing/tfjs';
import { compile, eager, type StepFunction } from '@rodpo/compile';
import { dropoutMask } from '@rodpo/ops';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { batch, descend, descendOptions } from './programs.ts';

const [rows, width] = [40, 60];
const kernel = {
  shape: [width, width],
  data: Float32Array.from({ length: width * width }, (_, index) => Math.sin(index)),
};
const options = {
  inputs: { x: { shape: [rows, width], dtype: 'float32' } },
  state: { kernel },
} as const;

/** Inference with draws of its own: a run's result depends on its input, seed and step alone. */
const infer: StepFunction = ({ state, inputs, uniform }) => {
  const layer = (x: tf.Tensor) => tf.tanh(tf.matMul(x as tf.Tensor2D, state.kernel as tf.Tensor2D));
  const kept = tf.mul(layer(layer(inputs.x!)), dropoutMask([rows, width], 0.5, uniform));
  return { outputs: { y: kept, x: inputs.x! } };
};

const inputOf = (run: number) =>
  Float32Array.from({ length: rows * width }, (_, index) => Math.cos(index + 7 * run));
const runs = Array.from({ length: 12 }, (_, run) => run);

const programs = {
  'a frozen program': () => compile(infer, { ...options, frozen: true, threads: 2 }),
  'a program that changes no state': () => compile(infer, { ...options, threads: 2 }),
  'an eager program': () => eager(infer, options),
};

describe.each(Object.entries(programs))('%s', (_, make) => {
  test('takes several runs at once, each with the result it has alone', async () => {
    const program = await make();
    const alone = [];
    for (const run of runs) {
      alone.push(await program.run({ x: inputOf(run) }, { seed: run, step: 1 }));
    }
    const together = await Promise.all(
      runs.map((run) => program.run({ x: inputOf(run) }, { seed: run, step: 1 })),
    );

    expect(together).toEqual(alone);
    expect(new Set(alone.map(({ y }) => y!.join())).size).toBe(runs.length);
    await program.dispose();
  });

  test('reads its inputs when it is called', async () => {
    const program = await make();
    const x = inputOf(0);
    const first = program.run({ x });
    x.set(inputOf(1));
    const second = program.run({ x });
    x.fill(0);

    expect((await first).x).toEqual(inputOf(0));
    expect((await second).x).toEqual(inputOf(1));
    await program.dispose();
  });

  test('goes on after one of its runs was refused', async () => {
    const program = await make();
    const [good, bad, other] = await Promise.allSettled([
      program.run({ x: inputOf(0) }),
      program.run({ x: new Float32Array(1) }),
      program.run({ x: inputOf(0) }),
    ]);

    expect(bad.status).toBe('rejected');
    expect(good).toEqual(other);
    await program.dispose();
  });
});

test('a compiled program is not freed or loaded below a run, but its state may be read', async () => {
  const program = await compile(infer, options);
  const running = [program.run({ x: inputOf(0) }), program.run({ x: inputOf(1) })];

  const message = 'The program is still running. Await a run before the next call.';
  await expect(program.dispose()).rejects.toThrow(new Error(message));
  expect(() => program.load({ kernel })).toThrow(new Error(message));
  expect(await program.state()).toEqual({ kernel });
  await Promise.all(running);
  program.load({ kernel });
  await program.dispose();
});

test('a compiled program that changes state refuses a second run, and says why', async () => {
  const program = await compile(descend, descendOptions);
  const first = program.run(batch);

  const running = new Error(
    'The program is still running, and its step changes state (weights). ' +
      'Await a run before the next call.',
  );
  await expect(program.run(batch)).rejects.toThrow(running);
  await expect(program.state()).rejects.toThrow(running);
  await expect(program.dispose()).rejects.toThrow(running);
  expect(() => program.load({})).toThrow(running);
  await first;
  await program.run(batch);
  await program.dispose();
});

test('an eager program that changes state makes runs in the order of the calls', async () => {
  const [together, inTurn] = [
    await eager(descend, descendOptions),
    await eager(descend, descendOptions),
  ];
  const found = await Promise.all([0, 1, 2].map((step) => together.run(batch, { step })));
  const expected = [];
  for (const step of [0, 1, 2]) expected.push(await inTurn.run(batch, { step }));

  expect(found).toEqual(expected);
  expect(await together.state()).toEqual(await inTurn.state());
});
