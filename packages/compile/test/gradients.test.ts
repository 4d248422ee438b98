import '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type Differentiable, testGradients } from './gradients.ts';
import { float, type Operand } from './kernel-cases/kernel-case.ts';

const positive: Operand = { ...float(3, 4), low: 0.5, high: 3 };
const where = tf.tensor2d([[true, false, true, true]], [1, 4], 'bool');

const composites: readonly Differentiable[] = [
  ['softmax', [float(3, 4)], (x) => tf.softmax(x!)],
  ['logSoftmax', [float(3, 4)], (x) => tf.logSoftmax(x!)],
  ['logSumExp', [float(3, 4)], (x) => tf.logSumExp(x!, -1)],
  ['mean, variance', [float(3, 4)], (x) => tf.moments(x!, 1).variance],
  ['batched matMul', [float(2, 3, 4), float(2, 4, 2)], (x, y) => tf.matMul(x!, y!)],
  ['matMul, b transposed', [float(3, 4), float(5, 4)], (x, y) => tf.matMul(x!, y!, false, true)],
  [
    'matMul, both transposed',
    [float(2, 4, 3), float(2, 5, 4)],
    (x, y) => tf.matMul(x!, y!, true, true),
  ],
  ['gather', [float(4, 3)], (x) => tf.gather(x!, tf.tensor1d([1, 1, 3], 'int32'))],
  ['gather along 1', [float(4, 3)], (x) => tf.gather(x!, tf.tensor1d([2, 2], 'int32'), 1)],
  ['slice', [float(4, 3)], (x) => tf.slice(x!, [1, 0], [2, 2])],
  ['pad', [float(2, 3)], (x) => tf.pad(x!, [[1, 0], [2, 1]])], // biome-ignore format: rows
  ['concat', [float(2, 3), float(2, 2)], (x, y) => tf.concat([x!, y!], 1)],
  ['stack, unstack', [float(3), float(3)], (x, y) => tf.unstack(tf.stack([x!, y!]), 1)[1]!],
  ['split', [float(4, 2)], (x) => tf.mul(...(tf.split(x!, 2) as [tf.Tensor, tf.Tensor]))],
  ['tile', [float(2, 3)], (x) => tf.tile(x!, [2, 3])],
  ['where', [float(3, 4), float(3, 4)], (x, y) => tf.where(where, x!, y!)],
  ['max', [float(3, 4)], (x) => tf.max(x!, 1)],
  ['maximum, minimum', [float(3, 4), float(3, 4)], (x, y) => tf.maximum(x!, tf.minimum(y!, 0.5))],
  ['division', [float(3, 4), { ...positive, shape: [4] }], (x, y) => tf.div(x!, y!)],
  ['pow', [positive, { ...positive, shape: [3, 1] }], (x, y) => tf.pow(x!, y!)],
  [
    'sqrt, rsqrt, log, log1p',
    [positive],
    (x) => tf.add(tf.rsqrt(x!), tf.mul(tf.sqrt(x!), tf.mul(tf.log(x!), tf.log1p(x!)))),
  ],
  [
    'softplus, tanh, sigmoid',
    [float(3, 4)],
    (x) => tf.softplus(tf.mul(tf.tanh(x!), tf.sigmoid(x!))),
  ],
  ['erf, relu, abs', [float(3, 4)], (x) => tf.add(tf.erf(x!), tf.mul(tf.relu(x!), tf.abs(x!)))],
  ['sin, cos, expm1', [float(3, 4)], (x) => tf.mul(tf.expm1(tf.sin(x!)), tf.cos(x!))],
  ['clipByValue, step', [float(3, 4)], (x) => tf.mul(tf.clipByValue(x!, -1, 1), tf.step(x!))],
  ['cumsum', [float(3, 4)], (x) => tf.cumsum(x!, 1, true, true)],
  ['squaredDifference', [float(3, 4), float(3, 4)], (x, y) => tf.squaredDifference(x!, y!)],
  ['transpose, reshape', [float(2, 3, 4)], (x) => tf.reshape(tf.transpose(x!, [2, 0, 1]), [4, 6])],
];

testGradients(composites);
