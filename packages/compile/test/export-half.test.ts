import '@rodpo/testing/tfjs';
import { eager, exportOnnx, type StepFunction } from '@rodpo/compile';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { runModel, runtimes } from './run-model.ts';

afterEach(() => {
  tf.disposeVariables();
});

/** The nearest number of 11 significant bits, the even one of two; below 2⁻¹⁴ they are 2⁻²⁴ apart. */
function asFloat16(value: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value) || 1)), -14);
  const steps = value / 2 ** (exponent - 10);
  const below = Math.floor(steps);
  const isUp = steps - below > 0.5 || (steps - below === 0.5 && below % 2 !== 0);
  return (below + (isUp ? 1 : 0)) * 2 ** (exponent - 10);
}

const normal = gaussianRandom(seededRandom(4));
const random = (...shape: number[]) => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, normal),
});
const kernel = random(64, 32);
const inputs = { x: { shape: ['batch', 64], dtype: 'float32' } } as const;
const layer: StepFunction = ({ inputs: { x }, state }) => ({
  outputs: { y: tf.matMul(x as tf.Tensor2D, state.kernel as tf.Tensor2D) },
});

describe.each(runtimes)('%s', (_, runtime) => {
  test('the model calculates with its weights rounded to float16, in half the bytes', async () => {
    const state = { kernel };
    const half = exportOnnx(layer, { inputs, state, precision: 'float16' });
    const whole = exportOnnx(layer, { inputs, state });
    const x = random(3, 64);
    const rounded = { ...kernel, data: Float32Array.from(kernel.data, asFloat16) };
    const reference = await eager(layer, {
      inputs: { x: { shape: [3, 64], dtype: 'float32' } },
      state: { kernel: rounded },
    });

    const { y } = await runModel(runtime, half, { x });

    const expected = (await reference.run({ x: x.data })).y!;
    expectAllClose(y!.data, expected, { relative: 1e-5, absolute: 1e-5 });
    expect(whole.length - half.length).toBeGreaterThan(0.95 * 2 * kernel.data.length);
  });

  test('small numbers keep what float16 has of them, large ones and integers all they have', async () => {
    const step: StepFunction = ({ inputs: { x }, state }) => ({
      outputs: {
        small: tf.mul(state.small!, x!),
        large: tf.add(state.large!, x!),
        whole: tf.gather(state.small!, state.places as tf.Tensor1D),
      },
    });
    const small = Float32Array.of(0, -0.1, 1e-6, 2 ** -24, 65504);
    const state = {
      small: { shape: [5], data: small },
      large: { shape: [2], data: Float32Array.of(70_001, 0.1) },
      places: { shape: [1], data: Int32Array.of(1) },
    };
    const model = exportOnnx(step, {
      inputs: { x: { shape: [1], dtype: 'float32' } },
      state,
      precision: 'float16',
    });

    const got = await runModel(runtime, model, { x: { shape: [1], data: Float32Array.of(1) } });

    expect([...got.small!.data]).toEqual([...small].map(asFloat16));
    expect([...got.large!.data]).toEqual([70_002, Math.fround(Math.fround(0.1) + 1)]);
    expect([...got.whole!.data]).toEqual([asFloat16(-0.1)]);
  });

  test("variables are weights, and the step's own constants are not", async () => {
    const weight = tf.variable(tf.tensor1d([1.0001]));
    const model = exportOnnx(
      ({ inputs: { x } }) => ({
        outputs: { weighted: tf.mul(weight, x!), added: tf.add(x!, tf.tensor1d([1.0001])) },
      }),
      { inputs: { x: { shape: ['n'], dtype: 'float32' } }, precision: 'float16' },
    );

    const got = await runModel(runtime, model, { x: { shape: [1], data: Float32Array.of(1) } });

    expect([...got.weighted!.data]).toEqual([1]);
    expect([...got.added!.data]).toEqual([Math.fround(Math.fround(1.0001) + 1)]);
  });
});

test('a precision that there is none of is refused', () => {
  const state = { kernel };
  const precision = 'fp16' as never;

  expect(() => exportOnnx(layer, { inputs, state, precision })).toThrow(
    'precision must be one of "float32", "float16", got "fp16"',
  );
});
