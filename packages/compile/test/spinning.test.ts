import '@rodpo/testing/tfjs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CompileOptions, compile, type StepFunction } from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { batch, descend, descendOptions } from './programs.ts';

const size = 400;
const inputs = { x: { shape: [size, size], dtype: 'float32' } } as const;
const x = Float32Array.from({ length: size * size }, (_, index) => Math.sin(index));

/** Large enough for every thread to be called. */
const multiply: StepFunction = ({ inputs }) => {
  const matrix = inputs.x as tf.Tensor2D;
  return { outputs: { y: tf.tanh(tf.matMul(matrix, matrix)) } };
};

/** Processor time that the process takes in the second after a run, in which it has nothing to do. */
async function idleMilliseconds(spinning: CompileOptions['spinning']): Promise<number> {
  const program = await compile(multiply, {
    inputs,
    threads: 2,
    ...(spinning !== undefined && { spinning }),
  });
  const times: number[] = [];
  for (let run = 0; run < 2; run++) {
    await program.run({ x });
    const before = process.cpuUsage();
    await sleep(1000);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  await program.dispose();
  return Math.min(...times); // what else the process did is in the other one
}

test('threads spin after a run if they are asked to, and not by default', async () => {
  const whileSpinning = await idleMilliseconds(1_000_000);

  // A thread spins for that second; on a busy machine it still has some of it.
  expect(whileSpinning).toBeGreaterThan(30);
  for (const spinning of [undefined, 'auto', false, 0, 20] as const) {
    expect(await idleMilliseconds(spinning), String(spinning)).toBeLessThan(whileSpinning / 3);
  }
});

test('spinning changes no bit of a result', async () => {
  const [first, ...others] = await Promise.all(
    ([true, false, 'auto', 0, 200] as const).map(async (spinning) => {
      const program = await compile(descend, { ...descendOptions, threads: 2, spinning });
      const losses = [];
      for (let step = 0; step < 5; step++) losses.push(await program.run(batch, { step }));
      const state = await program.state();
      await program.dispose();
      return { losses, state };
    }),
  );

  for (const other of others) expect(other).toEqual(first);
});
