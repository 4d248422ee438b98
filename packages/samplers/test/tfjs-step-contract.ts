import { compile, type StepFunction } from '@rodpo/compile';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { evaluate } from './tfjs.ts';

interface Given {
  readonly dtype: 'int32' | 'float32';
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

type Tensors = Readonly<Record<string, tf.Tensor>>;

/**
 * What every function that a step may call promises: compiled, it gives what it gives eagerly, the
 * integers to the bit; it leaves nothing behind; and its results are constants to gradients.
 */
export function describeInStep(
  name: string,
  compute: (given: Tensors) => Readonly<Record<'items', tf.Tensor>>,
  given: Readonly<Record<string, Given>>,
): void {
  const arrays = Object.entries(given).map(([key, { dtype, data }]) => {
    const typed = dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data);
    return [key, typed] as const;
  });
  const tensors = (): Tensors =>
    Object.fromEntries(arrays.map(([key, data]) => [key, tf.tensor(data, [...given[key]!.shape])]));

  describe(`${name} keeps the contract of steps`, () => {
    test('compiled, it gives what it gives eagerly', async () => {
      const step: StepFunction = ({ inputs }) => ({ outputs: compute(inputs) });
      const program = await compile(step, { inputs: { ...given } });
      const compiled = await program.run(Object.fromEntries(arrays));
      await program.dispose();

      const eager = tf.tidy(() => {
        const made = tensors();
        return evaluate(() => compute(made));
      });
      expect(Object.keys(compiled).sort()).toEqual(Object.keys(eager).sort());
      for (const [key, values] of Object.entries(eager)) {
        if (compiled[key] instanceof Int32Array) expect([...compiled[key]]).toEqual(values);
        else expectAllClose(compiled[key]!, values);
      }
    });

    test('its results are constants to gradients, and items index tables', () => {
      tf.tidy(() => {
        const made = tensors();
        const real = Object.keys(made).filter((key) => made[key]!.dtype === 'float32');
        const table = tf.zeros([100]);
        const { grads } = tf.valueAndGrads((rows, ...points) => {
          const named = Object.fromEntries(real.map((key, index) => [key, points[index]!]));
          const { items, ...others } = compute({ ...made, ...named });
          const looked = tf.gather(rows as tf.Tensor1D, tf.reshape(items, [-1]) as tf.Tensor1D);
          const terms = [looked, ...points, ...Object.values<tf.Tensor>(others)];
          return tf.addN(terms.map((term) => tf.sum(tf.cast(term, 'float32'))));
        })([table, ...real.map((key) => made[key]!)]);

        expect(tf.sum(grads[0]!).dataSync()[0]).toBe(compute(made).items.size);
        for (const gradient of grads.slice(1)) {
          expect(new Set(gradient.dataSync())).toEqual(new Set([1]));
        }
      });
    });
  });
}
