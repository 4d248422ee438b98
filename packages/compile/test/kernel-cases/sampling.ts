import * as tf from '@tensorflow/tfjs-core';
import { float, indices, type KernelCase, kernelCase, type Operand } from './kernel-case.ts';

type Size = [number, number];

/** Three boxes: the whole image, turned round and partly outside, and any. */
const boxes: Operand = {
  ...float(3, 4),
  values: [0, 0, 1, 1, 0.75, -0.25, 0.25, 1.25, 0.125, 0.3, 0.9, 0.6],
};

function cropCases(): KernelCase[] {
  return (['bilinear', 'nearest'] as const).flatMap((method) =>
    (
      [
        [3, 4],
        [1, 5],
        [6, 1],
        [1, 1],
      ] as Size[]
    ).flatMap((size) =>
      [0, -3].map((rest) =>
        kernelCase(
          `cropAndResize ${method} to ${size}`,
          [float(2, 4, 5, 2), boxes, indices(2, 3)],
          (image: tf.Tensor4D, boxes: tf.Tensor2D, at: tf.Tensor1D) =>
            tf.image.cropAndResize(image, boxes, at, size, method, rest),
        ),
      ),
    ),
  );
}

/** Shrunk and moved, turned and moved far, and seen in perspective. */
const transforms: readonly number[][] = [
  [0.75, 0, 1.25, 0, 1.5, -0.5, 0, 0],
  [0.5, -1.25, 3.3, 1.1, 0.7, -9.3, 0, 0],
  [1, 0.25, -0.5, 0.125, 1, 0.25, 0.0625, -0.5],
];

/** Of one image, since tfjs's cpu backend leaves all the others out. */
function transformCases(): KernelCase[] {
  return transforms.flatMap((values) =>
    (['nearest', 'bilinear'] as const).flatMap((interpolation) =>
      (['constant', 'reflect', 'wrap', 'nearest'] as const).flatMap((fillMode) =>
        ([undefined, [3, 7]] as (Size | undefined)[]).map((size) =>
          kernelCase(
            `transform ${interpolation} ${fillMode}`,
            [float(1, 5, 4, 2), { ...float(1, 8), values }],
            (image: tf.Tensor4D, matrix: tf.Tensor2D) =>
              tf.image.transform(image, matrix, interpolation, fillMode, 2.5, size),
          ),
        ),
      ),
    ),
  );
}

export const samplingCases: KernelCase[] = [...cropCases(), ...transformCases()];
