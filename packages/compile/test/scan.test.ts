import '@rodpo/testing/tfjs';
import { compile, eager, type StepFunction, scan } from '@rodpo/compile';
import type { ScanResult } from '@rodpo/ops';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { engines } from './engines.ts';

const inputs = {
  rows: { shape: [3, 2], dtype: 'float32' },
  factor: { shape: [], dtype: 'float32' },
} as const;

const values = { rows: Float32Array.of(1, 10, 2, 20, 3, 30), factor: Float32Array.of(0.5) };

describe.each(engines)('scan, %s', (_, make) => {
  test('carries from slice to slice and sees what is around it', async () => {
    const outside = tf.tensor1d([100, 200]);
    const program = await make(
      ({ inputs }) => {
        const doubled = tf.mul(inputs.factor!, 2);
        const { carry, outputs } = scan(
          ([sum], [row]) => {
            const next = tf.add(sum!, row!);
            return { carry: [next], outputs: [tf.mul(next, doubled), tf.add(row!, outside)] };
          },
          [tf.zeros([2])],
          [inputs.rows!],
        );
        return { outputs: { total: carry[0]!, sums: outputs[0]!, added: outputs[1]! } };
      },
      { inputs },
    );

    expect(await program.run(values)).toEqual({
      total: Float32Array.of(6, 60),
      sums: Float32Array.of(1, 10, 3, 30, 6, 60),
      added: Float32Array.of(101, 210, 102, 220, 103, 230),
    });
    outside.dispose();
  });

  test('nests, takes several sequences, and a body may return what it was given', async () => {
    const program = await make(
      ({ inputs }) => {
        const { carry, outputs } = scan(
          ([same], [row, index]) => {
            const inner = scan(
              ([sum], [x]) => ({ carry: [tf.add(sum!, x!)], outputs: [] }),
              [index!],
              [row!],
            );
            return { carry: [same!], outputs: [inner.carry[0]!, row!] };
          },
          [inputs.factor!],
          [inputs.rows!, tf.tensor1d([1000, 2000, 3000])],
        );
        return { outputs: { same: carry[0]!, sums: outputs[0]!, rows: outputs[1]! } };
      },
      { inputs },
    );

    expect(await program.run(values)).toEqual({
      same: Float32Array.of(0.5),
      sums: Float32Array.of(1011, 2022, 3033),
      rows: values.rows,
    });
  });

  const failing = (body: () => ScanResult, sequences: (rows: tf.Tensor) => tf.Tensor[]) =>
    make(
      ({ inputs }) => {
        scan(body, [tf.zeros([2])], sequences(inputs.rows!));
        return { outputs: {} };
      },
      { inputs },
    ).then((program) => program.run(values));

  test.each([
    ['none', '', () => []],
    ['empty', '0', () => [tf.zeros([0, 2])]],
    ['unequal', '3,4', (rows: tf.Tensor) => [rows, tf.zeros([4])]],
  ])('rejects sequences: %s', async (_, lengths, sequences) => {
    await expect(
      failing(() => ({ carry: [tf.zeros([2])], outputs: [] }), sequences),
    ).rejects.toThrow(
      new RangeError(
        `scan needs sequences of one length, at least 1, got lengths [${lengths}]. ` +
          'Give at least one sequence, and the same first axis to all.',
      ),
    );
  });

  test.each([
    ['nothing', () => []],
    ['float32 [3]', () => [tf.zeros([3])]],
    ['int32 [2]', () => [tf.zeros([2], 'int32')]],
  ])('rejects a carry that becomes %s', async (form, carry) => {
    await expect(
      failing(
        () => ({ carry: carry(), outputs: [] }),
        (rows) => [rows],
      ),
    ).rejects.toThrow(
      new TypeError(
        `scan carries float32 [2], but its body returned ${form}. ` +
          'Return a carry of the same types and shapes.',
      ),
    );
  });
});

test('a body may not draw: it is recorded once for all iterations', async () => {
  const step: StepFunction = ({ inputs, uniform }) => {
    const { outputs } = scan((carry) => ({ carry, outputs: [uniform([2])] }), [], [inputs.rows!]);
    return { outputs: { draws: outputs[0]! } };
  };

  await expect(compile(step, { inputs })).rejects.toThrow('Draw before the scan');
});

test('a gradient can be computed in a body, as a blockwise loss does', async () => {
  const step: StepFunction = ({ inputs }) => {
    const { outputs } = scan(
      (carry, [row]) => ({ carry, outputs: [tf.grad((x) => tf.sum(tf.square(x)))(row!)] }),
      [],
      [inputs.rows!],
    );
    return { outputs: { doubled: outputs[0]! } };
  };
  const native = await (await compile(step, { inputs })).run(values);

  expect(native.doubled).toEqual(Float32Array.of(2, 20, 4, 40, 6, 60));
  expect(native).toEqual(await (await eager(step, { inputs })).run(values));
});
