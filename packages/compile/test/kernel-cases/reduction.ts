import { seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';
import { dtypes, float, type KernelCase, kernelCase, randomShapes } from './kernel-case.ts';

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const reductions: readonly Reduction[] = [tf.sum, tf.mean, tf.max, tf.min, tf.prod] as Reduction[];

/** Some axes of a shape, some of them counted from the end; undefined stands for all. */
function someAxes(rank: number, random: () => number): number[] | undefined {
  const axes = Array.from({ length: rank }, (_, axis) => axis).filter(() => random() < 0.6);
  if (axes.length === 0) return undefined;
  return axes.map((axis) => (random() < 0.5 ? axis : axis - rank));
}

function reductionCases(): KernelCase[] {
  const random = seededRandom(11);
  const each = (op: Reduction, types: typeof dtypes) =>
    types.flatMap((dtype) =>
      randomShapes(op.name + dtype, 10).map((shape) => {
        const axis = someAxes(shape.length, random);
        const keepDims = random() < 0.5;
        return kernelCase(
          `${op.name} over [${axis}]${keepDims ? ', kept' : ''}`,
          [{ shape, dtype }],
          (x: tf.Tensor) => op(x, axis, keepDims),
        );
      }),
    );
  return [
    ...reductions.flatMap((op) => each(op, dtypes)),
    ...[tf.any, tf.all].flatMap((op) => each(op as Reduction, ['bool'])),
    kernelCase('any of nothing', [{ shape: [2, 0], dtype: 'bool' }], (x: tf.Tensor) =>
      tf.any(x, 1),
    ),
  ];
}

/** Sums over so many rows that they are written as a product. */
function longSumCases(): KernelCase[] {
  const sums: [Parameters<typeof float>, number[]][] = [
    [[100, 5], [0]],
    [
      [9, 8, 5],
      [0, 1],
    ],
    [[70, 1], [0]],
    [[100, 3, 4], [0]],
    [[100, 0], [0]],
    [[100], [0]],
    [[3, 100], [1]],
  ];
  return sums.flatMap(([shape, axis]) =>
    [true, false].map((keepDims) =>
      kernelCase(`sum of [${shape}] over [${axis}]`, [float(...shape)], (x: tf.Tensor) =>
        tf.sum(x, axis, keepDims),
      ),
    ),
  );
}

/** Few different values, so that there are ties. */
const tied = { low: 0, high: 3 };

function argumentCases(): KernelCase[] {
  return [tf.argMax, tf.argMin].flatMap((op) =>
    dtypes.flatMap((dtype) =>
      randomShapes(op.name + dtype, 10)
        .filter((shape) => shape.length > 0)
        .flatMap((shape) =>
          [0, shape.length - 1].map((axis) =>
            kernelCase(`${op.name} along ${axis}`, [{ shape, dtype, ...tied }], (x: tf.Tensor) =>
              op(x, axis),
            ),
          ),
        ),
    ),
  );
}

function topKCases(): KernelCase[] {
  return (['float32', 'int32'] as const).flatMap((dtype) =>
    [[7], [3, 5], [2, 3, 4], [2, 1, 2, 4]].flatMap((shape) =>
      [1, 3, shape.at(-1)!].map((k) =>
        kernelCase(`topk ${k}`, [{ shape, dtype, low: 0, high: 5 }], (x: tf.Tensor) => {
          const { values, indices } = tf.topk(x, k);
          return [values, indices];
        }),
      ),
    ),
  );
}

function cumulativeCases(): KernelCase[] {
  return [tf.cumsum, tf.cumprod].flatMap((op) =>
    dtypes.flatMap((dtype) =>
      [[5], [1], [3, 4], [2, 9, 4]].flatMap((shape, index) =>
        [false, true].flatMap((exclusive) =>
          [false, true].map((reverse) => {
            const axis = index < 2 ? 0 : 1; // tfjs's cpu backend gives a wrong shape for -1
            return kernelCase(
              `${op.name} along ${axis}${exclusive ? ' exclusive' : ''}${reverse ? ' reverse' : ''}`,
              [{ shape, dtype }],
              (x: tf.Tensor) => op(x, axis, exclusive, reverse),
            );
          }),
        ),
      ),
    ),
  );
}

export const reductionKernelCases: KernelCase[] = [
  ...reductionCases(),
  ...longSumCases(),
  ...argumentCases(),
  ...topKCases(),
  ...cumulativeCases(),
  ...randomShapes('softmax', 10)
    .filter((shape) => shape.length > 0)
    .map((shape) => kernelCase('softmax', [float(...shape)], (x: tf.Tensor) => tf.softmax(x))),
  kernelCase('logSoftmax', [float(3, 5)], (x: tf.Tensor) => tf.logSoftmax(x)),
  kernelCase('logSumExp', [float(3, 5)], (x: tf.Tensor) => tf.logSumExp(x, 1, true)),
];
