import { readFileSync } from 'node:fs';
import { gelu, layerNorm } from '@rodpo/ops';
import { expectAllClose } from '@rodpo/testing';
import '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';

/** From PyTorch, by the script beside it. */
const golden = JSON.parse(readFileSync(new URL('golden/parts.json', import.meta.url), 'utf8'));

/** The formula of every input, as in `parts.py`. */
function wave(shape: readonly number[], scale: number, phase: number, centre = 0): tf.Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Float32Array.from(
    { length: size },
    (_, index) => centre + scale * Math.sin(index * 0.7 + phase),
  );
  return tf.tensor(values, [...shape]);
}

const weightedSum = (values: tf.Tensor) => tf.sum(tf.mul(values, wave(values.shape, 1, 0.5)));

const norm = (...[x, scale, offset]: tf.Tensor[]) => layerNorm(x!, scale!, offset!);
const [scale, offset] = [wave([4], 0.5, 0.2, 1), wave([4], 0.5, 0.3)];

test.each<[string, keyof typeof golden, (...inputs: tf.Tensor[]) => tf.Tensor, tf.Tensor[]]>([
  ['layerNorm', 'layerNorm', norm, [wave([3, 4], 2, 0.1), scale, offset]],
  ['layerNorm of rank 3', 'layerNorm', norm, [wave([1, 3, 4], 2, 0.1), scale, offset]],
  ['gelu', 'gelu', (x) => gelu(x!), [wave([16], 4, 0.4)]],
])('%s and its gradients are as in PyTorch', (_, name, f, inputs) => {
  const { value, gradients } = golden[name];
  const grads = tf.grads((...tensors) => weightedSum(f(...tensors)))(inputs);

  // erf of tfjs's cpu backend is a polynomial, good to 1.5e-7; gelu multiplies it by up to 4.
  const close = { relative: 1e-5, absolute: 2e-6 };
  expectAllClose(f(...inputs).dataSync(), value, close);
  for (const [index, gradient] of grads.entries()) {
    expectAllClose(gradient.dataSync(), gradients[index], close);
    expect(gradient.shape).toEqual(inputs[index]!.shape);
  }
});
