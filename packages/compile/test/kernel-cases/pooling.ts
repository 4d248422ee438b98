import { seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';
import { float, type KernelCase, kernelCase, type Operand, runKernel } from './kernel-case.ts';

interface Pool {
  readonly shape: number[];
  readonly filterSize: number[];
  readonly strides: number[];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'ceil' | undefined;
}

/** Windows that overlap, touch, leave gaps or lie beside the input. */
function pools(seed: number, count: number, rank: 2 | 3): Pool[] {
  const random = seededRandom(seed);
  const from = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const each = (low: number, high: number) => Array.from({ length: rank }, () => from(low, high));
  const windowSize = (index: number) =>
    rank === 3 && index % 3 ? [from(1, 3), ...each(0, 0).fill(from(1, 3)).slice(1)] : each(1, 3);
  return Array.from({ length: count }, (_, index) => {
    const pad = (['same', 'valid', 1, 0, 2] as const)[index % 5]!;
    return {
      shape: [from(1, 2), ...each(5, 8), from(1, 3)],
      filterSize: windowSize(index),
      strides: each(1, 3),
      pad,
      dimRoundingMode: typeof pad === 'number' ? (index % 2 ? 'ceil' : 'floor') : undefined,
    };
  });
}

const planes = pools(1, 24, 2);
const volumes = pools(2, 16, 3);

/** Few different values, so that windows hold ties. */
const tied = (shape: readonly number[], dtype: 'float32' | 'int32' = 'float32'): Operand =>
  dtype === 'int32'
    ? { shape, dtype, low: 0, high: 3 }
    : { shape, dtype, values: draws(shape.reduce((size, extent) => size * extent, 1)) };

function draws(count: number): number[] {
  const random = seededRandom(count);
  return Array.from({ length: count }, () => Math.floor(random() * 3) - 1);
}

function described({ filterSize, strides, pad, dimRoundingMode }: Pool): string {
  return `${filterSize} by ${strides}, pad ${pad}${dimRoundingMode ? ` ${dimRoundingMode}` : ''}`;
}

function forwardCases(): KernelCase[] {
  return [
    ...planes.flatMap((pool) => {
      const { shape, filterSize, strides, pad, dimRoundingMode } = pool;
      const form = [filterSize, strides, pad, dimRoundingMode] as [never, never, never, undefined];
      return [
        kernelCase(`avgPool ${described(pool)}`, [float(...shape)], (x: tf.Tensor4D) =>
          tf.avgPool(x, ...form),
        ),
        ...(['float32', 'int32'] as const).map((dtype) =>
          kernelCase(`maxPool ${described(pool)}`, [{ shape, dtype }], (x: tf.Tensor4D) =>
            tf.maxPool(x, ...form),
          ),
        ),
      ];
    }),
    ...volumes.flatMap((pool) => {
      const { shape, filterSize, strides, pad, dimRoundingMode } = pool;
      const form = [filterSize, strides, pad, dimRoundingMode] as [never, never, never, undefined];
      return [
        kernelCase(`avgPool3d ${described(pool)}`, [float(...shape)], (x: tf.Tensor5D) =>
          tf.avgPool3d(x, ...form),
        ),
        kernelCase(`maxPool3d ${described(pool)}`, [float(...shape)], (x: tf.Tensor5D) =>
          tf.maxPool3d(x, ...form),
        ),
      ];
    }),
  ];
}

function argmaxCases(): KernelCase[] {
  return planes
    .filter(({ dimRoundingMode }) => dimRoundingMode !== 'ceil')
    .flatMap((pool) =>
      [false, true].flatMap((includesBatch) =>
        (['float32', 'int32'] as const).map((dtype) =>
          kernelCase(
            `maxPoolWithArgmax ${described(pool)}${includesBatch ? ', batch included' : ''}`,
            [tied(pool.shape, dtype)],
            (x: tf.Tensor4D) => {
              const { filterSize, strides, pad } = pool as Pool & { pad: 'same' };
              const { result, indexes } = tf.maxPoolWithArgmax(
                x,
                filterSize as [number, number],
                strides as [number, number],
                pad,
                includesBatch,
              );
              return [result!, indexes!];
            },
          ),
        ),
      ),
    );
}

function outputShape({ shape, filterSize, strides, pad, dimRoundingMode }: Pool): number[] {
  const form = [shape, filterSize, strides, 1, pad, dimRoundingMode] as never[];
  return shape.length === 5
    ? tf.backend_util.computePool3DInfo(...(form as [never, never, never, never, never])).outShape
    : tf.backend_util.computePool2DInfo(...(form as [never, never, never, never, never])).outShape;
}

/** `dy` may be larger than without the rounding mode, which tfjs's own gradients leave out. */
function gradientCases(suffix: string, pools: readonly Pool[]): KernelCase[] {
  return pools.flatMap((pool) => {
    const { shape, ...attributes } = pool;
    // For volumes, tfjs's cpu backend takes the height of a window for its width.
    const [height, width] = pool.filterSize.slice(-2);
    if (suffix === '3DGrad' && height !== width) return [];
    const dy = float(...outputShape(pool));
    const unrounded = { ...attributes, dimRoundingMode: undefined };
    // The gradient of images' averages knows no rounding mode.
    const forms = suffix === 'Grad' ? [unrounded] : [attributes];
    return [
      ...forms.map((form) =>
        kernelCase(
          `AvgPool${suffix} ${described({ shape, ...form })}`,
          [dy, float(...shape)],
          (dy: tf.Tensor, input: tf.Tensor) => runKernel(`AvgPool${suffix}`, { dy, input }, form),
        ),
      ),
      ...[attributes, ...forms].map((form) =>
        kernelCase(
          `MaxPool${suffix} ${described({ shape, ...form })}`,
          [dy, tied(shape), float(...outputShape(pool))],
          (dy: tf.Tensor, input: tf.Tensor, output: tf.Tensor) =>
            runKernel(`MaxPool${suffix}`, { dy, input, output }, form),
        ),
      ),
    ];
  });
}

const edged = [
  [0, 0],
  [2, 1],
  [0, 3],
  [0, 0],
] as [[number, number], [number, number], [number, number], [number, number]];

export const poolingCases: KernelCase[] = [
  kernelCase('maxPool, edges of its own', [float(2, 5, 6, 2)], (x: tf.Tensor4D) =>
    tf.maxPool(x, [2, 3], [1, 2], edged),
  ),
  kernelCase('avgPool, edges of its own', [float(2, 5, 6, 2)], (x: tf.Tensor4D) =>
    tf.avgPool(x, [2, 3], [1, 2], edged),
  ),
  ...forwardCases(),
  ...argmaxCases(),
  ...gradientCases('Grad', planes),
  ...gradientCases('3DGrad', volumes),
  kernelCase('pool, dilated', [float(1, 7, 7, 2)], (x: tf.Tensor4D) =>
    tf.pool(x, [2, 2], 'max', 'same', [2, 2], [1, 1]),
  ),
];
