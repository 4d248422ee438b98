import { compile, eager, type Program } from '@rodpo/compile';
import { expectAllClose } from '@rodpo/testing';
import { testBackend } from '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { engines } from './engines.ts';
import { batch, descend, descendOptions, float, stepOf } from './programs.ts';

async function losses(program: Program, from: number, to: number) {
  const values: number[] = [];
  for (let step = from; step < to; step++) {
    values.push((await program.run(batch, { seed: 1, step })).loss![0]!);
  }
  return values;
}

test('both engines give the same losses and the same state', async () => {
  const [native, reference] = await Promise.all(
    engines.map(([, make]) => make(descend, descendOptions)),
  );

  expectAllClose(await losses(native!, 0, 5), await losses(reference!, 0, 5));
  const expected = (await reference!.state()).weights!;
  const got = (await native!.state()).weights!;
  expect(got.shape).toEqual(expected.shape);
  expectAllClose(got.data, expected.data);
  expect([native!.engine, reference!.engine]).toEqual(['onnxruntime', `tfjs-${testBackend}`]);
});

describe.each(engines)('%s', (_, make) => {
  test('the same seed and steps give the same bits', async () => {
    const [first, second] = [
      await make(descend, descendOptions),
      await make(descend, descendOptions),
    ];

    expect(await losses(first, 0, 20)).toEqual(await losses(second, 0, 20));
    expect(await first.state()).toEqual(await second.state());
    expect(await losses(first, 0, 2)).not.toEqual(await losses(second, 2, 4));
  });

  test('a loaded state continues as the uninterrupted run does', async () => {
    const first = await make(descend, descendOptions);
    await losses(first, 0, 3);
    const saved = await first.state();
    const second = await make(descend, descendOptions);
    second.load(saved);

    expect(await losses(second, 3, 8)).toEqual(await losses(first, 3, 8));
    expect(await second.state()).toEqual(await first.state());
  });

  test('seed and step are 0 if not given', async () => {
    const [first, second] = [
      await make(descend, descendOptions),
      await make(descend, descendOptions),
    ];

    expect(await first.run(batch)).toEqual(await second.run(batch, { seed: 0, step: 0 }));
  });

  test('state that the step does not return stays', async () => {
    const program = await make(
      ({ state }) => ({ outputs: {}, state: { a: tf.add(state.a!, state.b!) } }),
      {
        inputs: {},
        state: {
          a: { shape: [], data: Float32Array.of(1) },
          b: { shape: [], data: Float32Array.of(2) },
        },
      },
    );
    await program.run({});
    program.load({ b: { shape: [], data: Float32Array.of(10) } });
    await program.run({});

    const { a, b } = await program.state();
    expect([a!.data[0], b!.data[0]]).toEqual([13, 10]);
  });

  test('state keeps its type, and may change places', async () => {
    const state = {
      a: { shape: [2], data: Int32Array.of(1, 2) },
      b: { shape: [2], data: Int32Array.of(3, 4) },
      c: { shape: [2], data: Uint8Array.of(0, 1) },
    };
    const program = await make(
      ({ state }) => ({
        outputs: { widened: tf.cast(state.a!, 'float32') },
        state: { a: state.b!, b: state.a!, c: tf.logicalNot(state.c!) },
      }),
      { inputs: {}, state },
    );

    expect(await program.run({})).toEqual({ widened: Float32Array.of(1, 2) });
    expect(await program.state()).toEqual({
      a: state.b,
      b: state.a,
      c: { shape: [2], data: Uint8Array.of(1, 0) },
    });
  });

  test('shares no array with its caller', async () => {
    const initial = Float32Array.of(1);
    const x = Float32Array.of(2);
    const program = await make(
      ({ state, inputs }) => ({ outputs: { s: state.s!, x: inputs.x! }, state: { s: inputs.x! } }),
      { ...float(1), state: { s: { shape: [1], data: initial } } },
    );
    initial[0] = -1;
    const first = await program.run({ x });
    x[0] = -2;
    for (const values of Object.values(first)) values[0] = -3;
    (await program.state()).s!.data[0] = -4;

    expect((await program.state()).s!.data[0]).toBe(2);
    expect(await program.run({ x })).toMatchObject({ s: Float32Array.of(2) });
  });

  test('tensors from outside the step are constants in it, and stay usable', async () => {
    const small = tf.tensor1d([1, 2, 3]);
    const large = tf.range(0, 60).reshape([20, 3]); // shares its values with another shape
    const flat = large.reshape([60]);
    const mask = tf.tensor1d([true, false, true], 'bool');
    const program = await make(
      stepOf((x) =>
        tf.add(tf.where(mask, tf.mul(x, small), x), tf.add(tf.sum(large, 0), tf.sum(flat))),
      ),
      float(3),
    );
    const { y } = await program.run({ x: Float32Array.of(1, 1, 1) });

    // Columns of 0 to 59 sum to 570, 590 and 610; all of them to 1770.
    expect(y).toEqual(Float32Array.of(1 + 570 + 1770, 1 + 590 + 1770, 3 + 610 + 1770));
    expect([...small.dataSync(), flat.dataSync()[59]]).toEqual([1, 2, 3, 59]);
    tf.dispose([small, large, flat, mask]);
  });

  test('axes of size 0 work', async () => {
    const program = await make(
      ({ inputs }) => ({
        outputs: {
          sum: tf.sum(inputs.x!, 0),
          joined: tf.concat([inputs.x!, tf.ones([1, 3])]),
          product: tf.matMul(inputs.x!, tf.ones([3, 2])),
          none: tf.slice(inputs.x!, [0, 0], [0, 2]),
          reshaped: tf.transpose(tf.reshape(inputs.x!, [3, 0])),
        },
      }),
      float(0, 3),
    );

    expect(await program.run({ x: new Float32Array(0) })).toEqual({
      sum: new Float32Array(3),
      joined: Float32Array.of(1, 1, 1),
      product: new Float32Array(0),
      none: new Float32Array(0),
      reshaped: new Float32Array(0),
    });
  });

  test('a failed run leaves the state as it was', async () => {
    const program = await make(
      ({ state, inputs }) => ({
        outputs: { y: tf.gather(state.table!, inputs.at!) },
        state: { table: tf.add(state.table!, 1) },
      }),
      {
        state: { table: { shape: [2], data: Float32Array.of(5, 6) } },
        inputs: { at: { shape: [1], dtype: 'int32' } },
      },
    );
    await expect(program.run({ at: Int32Array.of(7) })).rejects.toThrow(/index|indices/);

    expect((await program.state()).table!.data).toEqual(Float32Array.of(5, 6));
    expect((await program.run({ at: Int32Array.of(1) })).y).toEqual(Float32Array.of(6));
  });

  test('dispose may be repeated, and nothing runs after it', async () => {
    const program = await make(descend, descendOptions);
    await program.dispose();
    await program.dispose();

    const disposed = new Error('The program was disposed. Make another one to go on.');
    await expect(program.run(batch)).rejects.toThrow(disposed);
    await expect(program.state()).rejects.toThrow(disposed);
    expect(() => program.load({})).toThrow(disposed);
  });
});

test.runIf(testBackend === 'cpu')(
  'compiled arithmetic of booleans counts in int32, where the cpu backend stays boolean',
  async () => {
    const sum = stepOf((x) => tf.add(tf.greater(x, 0), tf.greater(x, 1)));
    const x = Float32Array.of(0, 1, 2);

    expect((await (await compile(sum, float(3))).run({ x })).y).toEqual(Int32Array.of(0, 1, 2));
    expect((await (await eager(sum, float(3))).run({ x })).y).toEqual(Uint8Array.of(0, 1, 2));
  },
);
