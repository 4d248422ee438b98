import type { DType } from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';
import { dtypes, type KernelCase, kernelCase } from './kernel-case.ts';

type Op = (...tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** What is done, to operands of which shapes; every dtype in turn. */
const operations: readonly (readonly [string, number[][], Op])[] = [
  ['reshape to [6]', [[2, 3]], (x) => tf.reshape(x!, [6])],
  ['reshape to [-1, 2]', [[2, 3, 2]], (x) => tf.reshape(x!, [-1, 2])],
  ['reshape to []', [[1, 1]], (x) => tf.reshape(x!, [])],
  ['squeeze', [[1, 2, 1, 3]], (x) => tf.squeeze(x!)],
  ['expandDims at 0', [[]], (x) => tf.expandDims(x!, 0)],
  ['expandDims at 1', [[2, 3]], (x) => tf.expandDims(x!, 1)],
  ['expandDims at -1', [[2, 3]], (x) => tf.expandDims(x!, -1)],
  ['transpose', [[2, 3]], (x) => tf.transpose(x!)],
  ['transpose 2 0 1', [[2, 3, 4]], (x) => tf.transpose(x!, [2, 0, 1])],
  ['transpose 0 2 1 3', [[2, 1, 3, 4]], (x) => tf.transpose(x!, [0, 2, 1, 3])],
  ['slice 1 3', [[5]], (x) => tf.slice(x!, 1, 3)],
  ['slice to the end', [[4, 3]], (x) => tf.slice(x!, [1, 0], [-1, 2])],
  ['slice of one axis', [[4, 3, 2]], (x) => tf.slice(x!, [2])],
  ['pad 1 2', [[3]], (x) => tf.pad(x!, [[1, 2]], 1)],
  ['pad two axes', [[2, 3]], (x) => tf.pad(x!, [[0, 2], [1, 0]])], // biome-ignore format: rows
  [
    'concat',
    [
      [2, 3],
      [1, 3],
      [4, 3],
    ],
    (...all) => tf.concat(all, 0),
  ],
  [
    'concat at -1',
    [
      [2, 3, 1],
      [2, 3, 2],
    ],
    (...all) => tf.concat(all, -1),
  ],
  ['split in 2', [[2, 4]], (x) => tf.split(x!, 2, 1)],
  ['split in 3 at -2', [[3, 2]], (x) => tf.split(x!, 3, -2)],
  ['split by sizes', [[6, 2]], (x) => tf.split(x!, [1, 3, 2], 0)],
  ['split by sizes, one open', [[6]], (x) => tf.split(x!, [1, -1, 2])],
  [
    'stack',
    [
      [2, 3],
      [2, 3],
    ],
    (...all) => tf.stack(all),
  ],
  [
    'stack at 2',
    [
      [2, 3],
      [2, 3],
    ],
    (...all) => tf.stack(all, 2),
  ],
  [
    'stack at -1',
    [
      [2, 3],
      [2, 3],
    ],
    (...all) => tf.stack(all, -1),
  ],
  ['stack of scalars', [[], []], (...all) => tf.stack(all)],
  ['unstack', [[3, 2]], (x) => tf.unstack(x!)],
  ['unstack at 1', [[3, 2, 2]], (x) => tf.unstack(x!, 1)],
  ['unstack at -1', [[3]], (x) => tf.unstack(x!, -1)],
  ['tile', [[2, 3]], (x) => tf.tile(x!, [2, 1])],
  ['tile of three axes', [[1, 2, 2]], (x) => tf.tile(x!, [3, 2, 1])],
  ['broadcastTo', [[3, 1]], (x) => tf.broadcastTo(x!, [2, 3, 4])],
  ['diag of a scalar', [[1]], (x) => tf.diag(x!)],
  ['diag', [[4]], (x) => tf.diag(x!)],
  ['diag of a matrix', [[2, 3]], (x) => tf.diag(x!)],
  ['reverse by gather', [[3]], (x) => tf.gather(x!, tf.tensor1d([2, 1, 0], 'int32'))],
];

/** Without operands: the op makes the values. */
const makers: readonly (readonly [string, () => tf.Tensor])[] = [
  ['range 0 5', () => tf.range(0, 5)],
  ['range 1 10 2 int32', () => tf.range(1, 10, 2, 'int32')],
  ['range 5 0', () => tf.range(5, 0)],
  ['range 5 -2 -3 int32', () => tf.range(5, -2, -3, 'int32')],
  ['range 5 0 int32', () => tf.range(5, 0, 1, 'int32')],
  ['range 3 3 int32', () => tf.range(3, 3, 1, 'int32')],
  ['range of a fraction int32', () => tf.range(0, 5, 1.5, 'int32')],
  ['linspace 0 1 5', () => tf.linspace(0, 1, 5)],
  ['linspace 3 -2 7', () => tf.linspace(3, -2, 7)],
  ['linspace of one', () => tf.linspace(2, 5, 1)],
  ['range 0 1 0.1', () => tf.range(0, 1, 0.1)],
  ['range from 2^24 int32', () => tf.range(16777216, 16777220, 1, 'int32')],
  ['fill float32', () => tf.fill([2, 3], 1.5)],
  ['fill int32', () => tf.fill([2], 7, 'int32')],
  ['fill bool', () => tf.fill([2, 1], 1, 'bool')],
  ['fill a scalar', () => tf.fill([], 2)],
  ['zeros', () => tf.zeros([2, 2], 'int32')],
  ['ones', () => tf.ones([3], 'bool')],
];

const mixed: readonly DType[] = ['int32', 'float32'];

export const shapeCases: KernelCase[] = [
  ...operations.flatMap(([name, shapes, op]) =>
    dtypes.map((dtype) =>
      kernelCase(
        name,
        shapes.map((shape) => ({ shape, dtype })),
        op as () => tf.Tensor,
      ),
    ),
  ),
  ...makers.map(([name, op]) => kernelCase(name, [], op)),
  ...[
    [3, 3],
    [2, 4],
    [4, 1],
  ].map(([left, right]) =>
    kernelCase(
      'broadcastArgs',
      [
        { shape: [left!], dtype: 'int32', values: [5, 1, 1, 3].slice(4 - left!) },
        { shape: [right!], dtype: 'int32', values: [5, 2, 1, 3].slice(4 - right!) },
      ],
      tf.broadcastArgs,
    ),
  ),
  kernelCase(
    'concat takes the type of the first',
    mixed.map((dtype) => ({ shape: [2, 2], dtype })),
    (...all: tf.Tensor[]) => tf.concat(all),
  ),
];
