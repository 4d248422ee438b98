import '@rodpo/testing/tfjs';
import { dropoutMask, gelu, layerNorm, logSumExp, lookup, stopGradient } from '@rodpo/ops';
import * as tf from '@tensorflow/tfjs-core';
import { testGradients } from './gradients.ts';
import { float } from './kernel-cases/kernel-case.ts';

const at = (...shape: number[]) =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, index) => (index * 3) % 5),
    shape,
    'int32',
  );
const draws = () => tf.linspace(0, 0.99, 12);
/** Leaves out the first entry of every row, and all of the first row. */
const masked = (x: tf.Tensor) => {
  const kept = tf.tensor2d([[0, 0, 0], [0, 1, 1]], [2, 3], 'bool'); // biome-ignore format: rows
  return tf.where(kept, x, Number.NEGATIVE_INFINITY);
};

testGradients([
  ['lookup at one place', [float(5, 2)], (x) => lookup(x!, tf.scalar(3, 'int32'))],
  ['lookup at a list', [float(5, 2)], (x) => lookup(x!, at(7))],
  ['lookup at a matrix', [float(5, 2)], (x) => lookup(x!, at(3, 4))],
  ['lookup at rank 3 in rank 3', [float(5, 2, 3)], (x) => lookup(x!, at(2, 2, 3))],
  ['lookup in a vector', [float(5)], (x) => lookup(x!, at(2, 4))],
  ['logSumExp', [float(3, 4)], (x) => logSumExp(x!)],
  ['logSumExp of what is left out', [float(2, 3)], (x) => tf.exp(logSumExp(masked(x!)))],
  [
    'stopGradient',
    [float(6)],
    (x) =>
      tf.mul(
        x!,
        stopGradient(() => tf.square(x!)),
      ),
  ],
  ['stopGradient of a choice', [float(6)], (x) => tf.mul(x!, stopGradient(() => tf.max(tf.topk(x!, 2).values)))], // biome-ignore format: one case a line
  ['dropoutMask', [float(12)], (x) => tf.mul(x!, dropoutMask([12], 0.4, draws))],
  [
    'layerNorm',
    [float(3, 4), float(4), float(4)],
    (x, scale, offset) => layerNorm(x!, scale!, offset!),
  ],
  [
    'layerNorm of rank 3',
    [float(2, 3, 4), float(4), float(4)],
    (x, scale, offset) => layerNorm(x!, scale!, offset!),
  ],
  ['gelu', [float(12)], (x) => gelu(x!)],
]);
