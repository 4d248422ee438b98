import '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { type Differentiable, testGradients } from './gradients.ts';
import { convolutions, described } from './kernel-cases/convolution.ts';
import { float, type Operand, quarters } from './kernel-cases/kernel-case.ts';

type Pair = [number, number];

const above = (low: number, ...shape: number[]): Operand => ({ ...float(...shape), low, high: 3 });
const within = (bound: number, ...shape: number[]): Operand => ({
  ...float(...shape),
  low: -bound,
  high: bound,
});

const activations: readonly Differentiable[] = [
  ['elu', [float(3, 4)], (x) => tf.elu(x!)],
  ['selu', [float(3, 4)], (x) => tf.selu(x!)],
  ['leakyRelu', [float(3, 4)], (x) => tf.leakyRelu(x!, 0.25)],
  ['prelu', [float(2, 3, 4), float(4)], (x, alpha) => tf.prelu(x!, alpha!)],
  ['relu6', [{ ...float(3, 4), low: -3, high: 9 }], (x) => tf.relu6(x!)],
];

const elementary: readonly Differentiable[] = [
  [
    'acos, asin, atanh',
    [within(0.9, 5)],
    (x) => tf.add(tf.acos(x!), tf.mul(tf.asin(x!), tf.atanh(x!))),
  ],
  ['acosh, asinh', [above(1.25, 5)], (x) => tf.mul(tf.acosh(x!), tf.asinh(x!))],
  ['atan, tan', [within(1.25, 5)], (x) => tf.mul(tf.atan(x!), tf.tan(x!))],
  ['sinh, cosh', [within(2, 5)], (x) => tf.mul(tf.sinh(x!), tf.cosh(x!))],
  ['atan2', [float(3, 4), float(4)], (y, x) => tf.atan2(y!, x!)],
  ['mod', [float(3, 4), above(0.5, 4)], (x, y) => tf.mod(x!, y!)],
  ['addN', [float(3), float(3), float(3)], (...all) => tf.addN(all)],
];

// biome-ignore format: one a line
const rearranged: readonly Differentiable[] = [
  ['reverse', [float(2, 3, 4)], (x) => tf.reverse(x!, [0, -1])],
  ['mirrorPad', [float(3, 4)], (x) => tf.mirrorPad(x!, [[2, 1], [0, 3]], 'reflect')],
  ['mirrorPad, symmetric', [float(3, 4)], (x) => tf.mirrorPad(x!, [[3, 1], [0, 4]], 'symmetric')],
  ['spaceToBatchND', [float(1, 4, 5, 2)], (x) => tf.spaceToBatchND(x!, [2, 2], [[0, 0], [1, 2]])],
  ['batchToSpaceND', [float(4, 2, 3, 2)], (x) => tf.batchToSpaceND(x!, [2, 2], [[0, 0], [1, 2]])],
  ['broadcastTo', [float(3, 1)], (x) => tf.broadcastTo(x!, [2, 3, 4])],
];

const normalized: readonly Differentiable[] = [
  [
    'batchNorm',
    [float(2, 3, 4, 5), float(5), above(0.5, 5), float(5), float(5)],
    (x, mean, variance, offset, scale) =>
      tf.batchNorm(
        x!,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
        0.01,
      ),
  ],
  [
    'batchNorm by its own moments',
    [float(4, 3, 3, 2), float(2), float(2)],
    (x, offset, scale) => {
      const { mean, variance } = tf.moments(x!, [0, 1, 2]);
      const statistics = [mean, variance, offset, scale] as [
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      return tf.batchNorm(x as tf.Tensor4D, ...statistics);
    },
  ],
  [
    'localResponseNormalization',
    [float(1, 2, 3, 6)],
    (x) => tf.localResponseNormalization(x as tf.Tensor4D, 2, 1.5, 0.25, 0.75),
  ],
];

const resized: readonly Differentiable[] = [[false], [true]].flatMap(
  ([alignCorners]): Differentiable[] => [
    [
      `resizeBilinear${alignCorners ? ', aligned' : ''}`,
      [float(2, 3, 3, 2)],
      (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [5, 7], alignCorners),
    ],
    [
      `resizeNearestNeighbor${alignCorners ? ', aligned' : ''}`,
      [float(1, 3, 4, 2)],
      (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [6, 3], alignCorners),
    ],
  ],
);

const isDifferentiable = ({ dilations }: { dilations: readonly number[] }) =>
  dilations.every((dilation) => dilation === 1);

/** Without rounding modes, which tfjs forgets: its gradient then has another number of windows. */
const convolved: readonly Differentiable[] = [
  ...convolutions(5, 24)
    .filter(isDifferentiable)
    .map((convolution): Differentiable => {
      const { inputShape, filterShape, strides, pad, dataFormat } = convolution;
      return [
        `conv2d ${described(convolution)}`,
        [quarters(...inputShape), quarters(...filterShape)],
        (x, filter) =>
          tf.conv2d(
            x as tf.Tensor4D,
            filter as tf.Tensor4D,
            strides as Pair,
            pad,
            dataFormat as 'NHWC',
          ),
      ];
    }),
  ...convolutions(6, 12)
    .filter(({ dataFormat }) => dataFormat === 'NHWC')
    .filter(isDifferentiable)
    .map((convolution): Differentiable => {
      const { inputShape, filterShape, strides, pad } = convolution;
      return [
        `depthwiseConv2d ${described(convolution)}`,
        [quarters(...inputShape), quarters(...filterShape)],
        (x, filter) =>
          tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides as Pair, pad),
      ];
    }),
  ...convolutions(7, 4, 3).map((convolution): Differentiable => {
    const { inputShape, filterShape, strides, pad } = convolution;
    return [
      `conv3d ${described(convolution)}`,
      [quarters(...inputShape), quarters(...filterShape)],
      (x, filter) =>
        tf.conv3d(
          x as tf.Tensor5D,
          filter as tf.Tensor5D,
          strides as [number, number, number],
          pad as 'same',
        ),
    ];
  }),
  [
    'conv2d, rounded up',
    [quarters(1, 5, 5, 2), quarters(2, 2, 2, 1)],
    (x, filter) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 0, 'NHWC', 1, 'ceil'),
  ],
  [
    'conv1d',
    [quarters(2, 6, 3), quarters(2, 3, 4)],
    (x, filter) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, 1, 'same'),
  ],
  [
    'conv2dTranspose',
    [quarters(2, 3, 3, 2), quarters(3, 3, 1, 2)],
    (x, filter) =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [2, 6, 6, 1], 2, 'same'),
  ],
  [
    'separableConv2d',
    [quarters(1, 4, 4, 2), quarters(3, 3, 2, 2), quarters(1, 1, 4, 2)],
    (x, filter, points) =>
      tf.separableConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, points as tf.Tensor4D, 1, 'same'),
  ],
];

const fused: readonly Differentiable[] = (['linear', 'relu', 'elu', 'sigmoid'] as const).flatMap(
  (activation): Differentiable[] => [
    [
      `fused matMul, ${activation}`,
      [float(3, 5), float(5, 4), float(4)],
      (a, b, bias) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation }),
    ],
    [
      `fused conv2d, ${activation}`,
      [quarters(2, 4, 5, 2), quarters(3, 2, 2, 3), quarters(3)],
      (x, filter, bias) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias: bias!,
          activation,
        }),
    ],
    [
      `fused depthwiseConv2d, ${activation}`,
      [quarters(2, 4, 5, 2), quarters(3, 2, 2, 2), quarters(4)],
      (x, filter, bias) =>
        tf.fused.depthwiseConv2d({
          x: x as tf.Tensor4D,
          filter: filter as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias: bias!,
          activation,
        }),
    ],
  ],
);

const pads = ['same', 'valid'] as const;

/** After a relu, many windows hold nothing but ties. */
const pooled: readonly Differentiable[] = pads.flatMap((pad): Differentiable[] => [
  [`avgPool ${pad}`, [float(2, 5, 6, 3)], (x) => tf.avgPool(x as tf.Tensor4D, [3, 2], [2, 1], pad)],
  [
    `maxPool ${pad}`,
    [float(2, 5, 6, 3)],
    (x) => tf.maxPool(tf.relu(tf.add(x!, -1)) as tf.Tensor4D, [3, 2], [1, 2], pad),
  ],
  [
    `avgPool3d ${pad}`,
    [float(1, 4, 5, 6, 2)],
    (x) => tf.avgPool3d(x as tf.Tensor5D, [2, 3, 2], [1, 2, 2], pad),
  ],
  [
    `maxPool3d ${pad}`,
    [float(1, 4, 5, 6, 2)],
    (x) => tf.maxPool3d(tf.relu(tf.add(x!, -1)) as tf.Tensor5D, [1, 2, 2], [1, 2, 1], pad),
  ],
]);

testGradients([
  [
    'dilation2d',
    [float(2, 5, 6, 3), float(2, 3, 3)],
    (x, filter) => tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, [2, 1], 'same'),
  ],
  ...activations,
  ...elementary,
  ...rearranged,
  ...normalized,
  ...resized,
  ...convolved,
  ...fused,
  ...pooled,
  [
    'maxPool, rounded up',
    [float(1, 5, 5, 2)],
    (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 0, 'ceil'),
  ],
  [
    'avgPool, rounded up',
    [float(1, 5, 5, 2)],
    (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 0, 'ceil'),
  ],
  ['avgPool, padded by number', [float(1, 5, 5, 2)], (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, 1)],
  ['maxPool, no overlap', [float(1, 6, 7, 2)], (x) => tf.maxPool(x as tf.Tensor4D, 2, 3, 'valid')],
]);
