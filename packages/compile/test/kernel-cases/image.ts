import * as tf from '@tensorflow/tfjs-core';
import { float, type KernelCase, kernelCase, runKernel } from './kernel-case.ts';

type Size = [number, number];

/** Height and width before and after. */
// biome-ignore format: one a line
const sizes: readonly (readonly [Size, Size])[] = [
  [[2, 2], [4, 4]],
  [[3, 5], [7, 2]],
  [[4, 3], [4, 3]],
  [[7, 6], [3, 4]],
  [[1, 3], [4, 1]],
  [[5, 4], [1, 9]],
];

const alignments: readonly [boolean, boolean][] = [
  [false, false],
  [true, false],
  [false, true],
];

function resizeCases(): KernelCase[] {
  return sizes.flatMap(([before, after]) =>
    alignments.flatMap(([alignCorners, halfPixelCenters]) => {
      const form = `${alignCorners ? ' aligned' : ''}${halfPixelCenters ? ' half' : ''}`;
      const shape = [2, ...before, 3];
      return (['float32', 'int32'] as const).flatMap((dtype) => [
        kernelCase(`resizeBilinear${form}`, [{ shape, dtype }], (x: tf.Tensor4D) =>
          tf.image.resizeBilinear(x, after, alignCorners, halfPixelCenters),
        ),
        kernelCase(`resizeNearestNeighbor${form}`, [{ shape, dtype }], (x: tf.Tensor4D) =>
          tf.image.resizeNearestNeighbor(x, after, alignCorners, halfPixelCenters),
        ),
      ]);
    }),
  );
}

/**
 * As far as tfjs's cpu backend is right. It mixes up height and width of a bilinear gradient, and
 * the images of a batch in the other; with corners aligned, an axis of 1 keeps it busy for ever.
 */
function resizeGradientCases(): KernelCase[] {
  const wide = sizes.filter(([before]) => Math.min(...before) > 1);
  return wide.flatMap(([before, after]) =>
    alignments.flatMap(([alignCorners, halfPixelCenters]) =>
      ['ResizeBilinearGrad', 'ResizeNearestNeighborGrad'].map((kernel) => {
        const isBilinear = kernel === 'ResizeBilinearGrad';
        const space = isBilinear ? [before[0], before[0]] : before;
        const batch = isBilinear ? 2 : 1;
        return kernelCase(
          `${kernel}${alignCorners ? ' aligned' : ''}`,
          [float(batch, ...space, 3), float(batch, ...after, 3)],
          (images: tf.Tensor, dy: tf.Tensor) =>
            runKernel(kernel, { images, dy }, { alignCorners, halfPixelCenters, size: after }),
        );
      }),
    ),
  );
}

function rotateCases(): KernelCase[] {
  return [0, 0.5, -1.5, Math.PI].flatMap((radians) =>
    ([0, 7, [1, 2, 3]] as const).flatMap((fill) =>
      ([0.5, [0.25, 1]] as const).map((center) =>
        kernelCase(
          `rotateWithOffset ${radians} around ${center}`,
          [float(2, 4, 5, typeof fill === 'number' ? 2 : 4)],
          (x: tf.Tensor4D) =>
            tf.image.rotateWithOffset(
              x,
              radians,
              fill as number | [number, number, number],
              center as number | [number, number],
            ),
        ),
      ),
    ),
  );
}

export const imageCases: KernelCase[] = [
  ...resizeCases(),
  ...resizeGradientCases(),
  ...rotateCases(),
  ...[
    [2, 3, 4, 3],
    [1, 2, 1, 1],
  ].map((shape) => kernelCase('flipLeftRight', [float(...shape)], tf.image.flipLeftRight)),
];
