import { compile, eager, type StepFunction } from '@rodpo/compile';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { draw, type Operand } from './kernel-cases/kernel-case.ts';

/** A name, what the function is called with, and the function. */
export type Differentiable = readonly [
  string,
  readonly Operand[],
  (...tensors: tf.Tensor[]) => tf.Tensor,
];

export function testGradients(functions: readonly Differentiable[]): void {
  test.each(functions)('the gradient of %s is as on the cpu backend', async (_, operands, f) => {
    const step: StepFunction = ({ inputs }) => {
      // Squared, so that what flows back differs from element to element.
      const loss = (...tensors: tf.Tensor[]) => tf.sum(tf.square(f(...tensors))) as tf.Scalar;
      const tensors = operands.map((_, index) => inputs[`x${index}`]!);
      const { value, grads } = tf.valueAndGrads(loss)(tensors);
      return { outputs: { value, ...Object.fromEntries(Object.entries(grads)) } };
    };
    const named = Object.fromEntries(operands.map((operand, index) => [`x${index}`, operand]));
    const values = Object.fromEntries(
      operands.map((operand, index) => [
        `x${index}`,
        draw({ low: -2, high: 2, ...operand }, index),
      ]),
    );
    const expected = await (await eager(step, { inputs: named })).run(values);
    const got = await (await compile(step, { inputs: named })).run(values);

    expect(Object.keys(got)).toEqual(Object.keys(expected));
    for (const [name, gradient] of Object.entries(expected)) {
      // float32 against sums in double: a few roundings of terms up to 10.
      expectAllClose(got[name]!, gradient, { relative: 1e-5, absolute: 1e-5 });
    }
  });
}
