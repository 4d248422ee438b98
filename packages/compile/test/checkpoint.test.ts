import '@rodpo/testing/tfjs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '@rodpo/files';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { engines } from './engines.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** State of every type, and a variable with the momentum that an optimiser keeps for it. */
async function trainer(make: (typeof engines)[number][1]) {
  tf.disposeVariables();
  const weight = tf.variable(tf.tensor1d([1, 2]), true, 'weight');
  const optimizer = tf.train.momentum(0.1, 0.9);
  return make(
    ({ state, uniform }) => {
      const target = uniform([2]);
      const loss = () => tf.sum(tf.square(tf.sub(weight, target))) as tf.Scalar;
      const minimised = optimizer.minimize(loss, true, [weight])!;
      const count = tf.add(state.count!, tf.scalar(1, 'int32'));
      return { outputs: { loss: minimised }, state: { count, isOdd: tf.logicalNot(state.isOdd!) } };
    },
    {
      inputs: {},
      state: {
        count: { shape: [], data: Int32Array.of(0) },
        isOdd: { shape: [1], data: Uint8Array.of(0) },
      },
    },
  );
}

test.each(engines)('%s: a program goes on from a safetensors file', async (name, make) => {
  const whole = await trainer(make);
  for (let step = 0; step < 3; step++) await whole.run({}, { seed: 1, step });
  const file = join(folder, `${name}.safetensors`);
  await writeSafetensors(file, await whole.state());
  const losses = [];
  for (let step = 3; step < 6; step++) losses.push(await whole.run({}, { seed: 1, step }));
  const expected = await whole.state();

  const resumed = await trainer(make);
  await resumed.run({}); // an eager program learns of an optimiser's moments in its first run
  resumed.load((await readSafetensors(file)).tensors);
  const got = [];
  for (let step = 3; step < 6; step++) got.push(await resumed.run({}, { seed: 1, step }));

  expect(got).toEqual(losses);
  expect(await resumed.state()).toEqual(expected);
  expect(Object.keys(expected).sort()).toEqual(['count', 'isOdd', 'weight', 'unnamed/0'].sort());
});
