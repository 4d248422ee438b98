import * as tf from '@tensorflow/tfjs-core';
import { float, type KernelCase, kernelCase, runKernel } from './kernel-case.ts';

/** Shape of the input, shape of mean and variance. */
const normalized: readonly (readonly [number[], number[]])[] = [
  [[4, 3], [3]],
  [[2, 4, 3], [3]],
  [[2, 3, 4, 3], [3]],
  [
    [2, 3, 1, 2],
    [2, 3, 1, 2],
  ],
];

function batchNormCases(): KernelCase[] {
  return normalized.flatMap(([shape, statistics]) =>
    [[], ['offset'], ['scale'], ['offset', 'scale']].flatMap((given) =>
      [undefined, 0.125].map((epsilon) => {
        const spread = { shape: statistics, dtype: 'float32' as const, low: 0.1, high: 4 };
        return kernelCase(
          `batchNorm of [${shape}], ${given}, ${epsilon}`,
          [float(...shape), float(...statistics), spread, ...given.map(() => float(...statistics))],
          (x: tf.Tensor, mean: tf.Tensor, variance: tf.Tensor, ...more: tf.Tensor[]) => {
            const offset = given.includes('offset') ? more[0] : undefined;
            const scale = given.includes('scale') ? more.at(-1) : undefined;
            const normalize = tf.batchNorm as (...all: unknown[]) => tf.Tensor;
            return normalize(x, mean, variance, offset, scale, epsilon);
          },
        );
      }),
    ),
  );
}

function responseCases(): KernelCase[] {
  const shapes = [
    [1, 2, 3, 7],
    [2, 1, 2, 1],
  ];
  return shapes.flatMap((shape) =>
    [0, 1, 3, 9].flatMap((depthRadius) => {
      const [bias, alpha, beta] = [1.5, 0.25, 0.75];
      return [
        kernelCase(
          `localResponseNormalization ${depthRadius}`,
          [float(...shape)],
          (x: tf.Tensor4D) => tf.localResponseNormalization(x, depthRadius, bias, alpha, beta),
        ),
        kernelCase(
          `LRNGrad ${depthRadius}`,
          [float(...shape), float(...shape), float(...shape)],
          (x: tf.Tensor, y: tf.Tensor, dy: tf.Tensor) =>
            runKernel('LRNGrad', { x, y, dy }, { depthRadius, bias, alpha, beta }),
        ),
      ];
    }),
  );
}

export const normalizationCases: KernelCase[] = [...batchNormCases(), ...responseCases()];
