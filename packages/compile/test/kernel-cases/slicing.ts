import { seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';
import { dtypes, float, type KernelCase, kernelCase, randomShapes } from './kernel-case.ts';

type Masks = readonly [
  begin?: number,
  end?: number,
  ellipsis?: number,
  newAxis?: number,
  shrink?: number,
];

/** Shape, begin, end, strides, masks. */
// biome-ignore format: one a line
const slices: readonly (readonly [number[], number[], number[], number[], Masks?])[] = [
  [[7], [1], [6], [2]],
  [[7], [6], [1], [-2]],
  [[7], [0], [0], [-1], [1, 1]],
  [[7], [-3], [-1], [1]],
  [[7], [-1], [-5], [-3]],
  [[7], [2], [100], [3]],
  [[4, 5], [1, 0], [3, 4], [1, 2]],
  [[4, 5], [1, 3], [3, 0], [1, -1]],
  [[4, 5], [0, 0], [0, 0], [2, -2], [3, 3]],
  [[4, 5], [2], [4], [1]],
  [[4, 5, 3], [0, 1], [0, 3], [1, 1], [0, 0, 1]],
  [[4, 5, 3], [1, 0, 0], [3, 0, 2], [1, 1, 2], [0, 0, 2]],
  [[4, 5, 3], [1, 0, 2], [2, 0, 0], [1, 1, -1], [0, 4, 2]],
  [[4, 5], [0, 0, 1], [0, 4, 5], [1, 1, 2], [0, 0, 0, 1]],
  [[4, 5], [0, 1], [4, 0], [1, 1], [0, 0, 0, 2]],
  [[4, 5], [2, 0], [3, 5], [1, 1], [0, 0, 0, 0, 1]],
  [[4, 5], [1, 3], [2, 4], [1, 1], [0, 0, 0, 0, 3]],
  [[4, 5, 3], [1, 0, 2], [2, 0, 3], [1, 1, 1], [0, 0, 2, 0, 5]],
  [[4, 5, 3], [0, 0, 0, 1], [0, 0, 0, 2], [1, 1, 1, 1], [0, 0, 1, 2, 8]],
];

function stridedSliceCases(): KernelCase[] {
  return slices.flatMap(([shape, begin, end, strides, masks = []]) =>
    dtypes.map((dtype) =>
      kernelCase(
        `stridedSlice of [${shape}], [${begin}] to [${end}] by [${strides}], masks [${masks}]`,
        [{ shape, dtype }],
        (x: tf.Tensor) => tf.stridedSlice(x, begin, end, strides, ...masks),
      ),
    ),
  );
}

function reverseCases(): KernelCase[] {
  const random = seededRandom(5);
  return dtypes.flatMap((dtype) =>
    [...randomShapes(`reverse ${dtype}`, 10), [0, 2]].map((shape) => {
      const axes = [...shape.keys()].filter(() => random() < 0.6);
      const dims = axes.map((axis) => (random() < 0.5 ? axis : axis - shape.length));
      const axis = random() < 0.3 ? undefined : dims;
      return kernelCase(`reverse [${axis}]`, [{ shape, dtype }], (x: tf.Tensor) =>
        tf.reverse(x, axis),
      );
    }),
  );
}

function mirrorPadCases(): KernelCase[] {
  const random = seededRandom(6);
  const upTo = (bound: number) => Math.floor(random() * (bound + 1));
  return (['reflect', 'symmetric'] as const).flatMap((mode) =>
    dtypes.flatMap((dtype) =>
      randomShapes(mode + dtype, 10)
        .filter((shape) => shape.length > 0)
        .map((shape) => {
          const paddings = shape.map((extent): [number, number] => {
            const most = mode === 'reflect' ? extent - 1 : extent;
            return [upTo(most), upTo(most)];
          });
          return kernelCase(
            `mirrorPad ${mode} ${JSON.stringify(paddings)}`,
            [{ shape, dtype }],
            (x: tf.Tensor) => tf.mirrorPad(x, paddings, mode),
          );
        }),
    ),
  );
}

/** Shape, block shape, paddings or crops, one pair per block axis. */
// biome-ignore format: one a line
const blocks: readonly (readonly [number[], number[], number[][]])[] = [
  [[4, 4, 4, 1], [2, 2], [[0, 0], [0, 0]]],
  [[8, 2, 4, 3], [2, 4], [[0, 2], [1, 3]]],
  [[6, 4, 2], [3], [[1, 1]]],
  [[12, 2, 3, 2, 2], [2, 1, 3], [[0, 0], [1, 1], [1, 2]]],
];

function blockCases(): KernelCase[] {
  return dtypes.flatMap((dtype) => [
    ...blocks.flatMap(([shape, blockShape, edges]) => [
      kernelCase(`batchToSpaceND [${blockShape}]`, [{ shape, dtype }], (x: tf.Tensor) =>
        tf.batchToSpaceND(x, blockShape, edges),
      ),
      kernelCase(`spaceToBatchND [${blockShape}]`, [{ shape, dtype }], (x: tf.Tensor) =>
        tf.spaceToBatchND(
          x,
          blockShape,
          edges.map(([before], axis) => {
            const extent = shape[axis + 1]! + before!;
            return [
              before!,
              (blockShape[axis]! - (extent % blockShape[axis]!)) % blockShape[axis]!,
            ];
          }),
        ),
      ),
    ]),
  ]);
}

export const slicingCases: KernelCase[] = [
  ...stridedSliceCases(),
  ...reverseCases(),
  ...mirrorPadCases(),
  ...blockCases(),
  ...[
    [1, 2, 2, 4],
    [2, 1, 3, 12],
    [2, 2, 1, 9],
  ].map((shape) =>
    kernelCase('depthToSpace', [float(...shape)], (x: tf.Tensor4D) =>
      tf.depthToSpace(x, shape[3] === 9 ? 3 : 2),
    ),
  ),
];
