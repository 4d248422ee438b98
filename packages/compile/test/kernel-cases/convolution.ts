import { seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';
import { type KernelCase, kernelCase, quarters, runKernel } from './kernel-case.ts';

type Pair = [number, number];
type Pad = 'same' | 'valid' | number | [Pair, Pair, Pair, Pair];

export interface Convolution {
  readonly inputShape: number[];
  readonly filterShape: number[];
  readonly strides: number[];
  readonly dilations: number[];
  readonly pad: Pad;
  readonly dataFormat: string;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil' | undefined;
}

/** Many convolutions of small images: 2 axes of space, or 3. */
export function convolutions(seed: number, count: number, rank: 2 | 3 = 2): Convolution[] {
  const random = seededRandom(seed);
  const from = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const each = (low: number, high: number) => Array.from({ length: rank }, () => from(low, high));
  return Array.from({ length: count }, (_, index) => {
    const isDilated = rank === 2 && index % 7 > 4;
    const isFirst = rank === 2 && index % 5 === 4;
    const pad = (['same' as const, 'valid', 1, 'explicit'] as const)[index % (rank === 2 ? 4 : 2)]!;
    const size = each(1, 3);
    const strides = isDilated ? each(1, 1) : each(1, 3);
    const dilations = isDilated ? each(1, 2) : each(1, 1);
    const channels = from(1, 3);
    const edges: Pair[] = [0, 1].map(() => [from(0, 2), from(0, 2)]);
    const none: Pair = [0, 0];
    const space = each(5, 8);
    return {
      inputShape: isFirst ? [from(1, 3), channels, ...space] : [from(1, 3), ...space, channels],
      filterShape: [...size, channels, from(1, 3)],
      strides,
      dilations,
      pad:
        pad !== 'explicit'
          ? pad
          : ((isFirst ? [none, none, ...edges] : [none, ...edges, none]) as Pad),
      dataFormat: rank === 3 ? 'NDHWC' : isFirst ? 'NCHW' : 'NHWC',
      dimRoundingMode:
        typeof pad === 'number' ? (['floor', 'ceil', 'round'] as const)[index % 3] : undefined,
    };
  });
}

export function described({
  strides,
  dilations,
  pad,
  dataFormat,
  dimRoundingMode,
}: Convolution): string {
  return (
    `${dataFormat} by ${strides}, dilated ${dilations}, pad ${JSON.stringify(pad)}` +
    `${dimRoundingMode ? ` ${dimRoundingMode}` : ''}`
  );
}

function outputShape(convolution: Convolution, isDepthwise = false): number[] {
  const { inputShape, filterShape, strides, dilations, pad, dimRoundingMode } = convolution;
  const format = convolution.dataFormat.startsWith('NC') ? 'channelsFirst' : 'channelsLast';
  const shapes = [inputShape, filterShape, strides, dilations, pad] as [
    never,
    never,
    never,
    never,
    never,
  ];
  return inputShape.length === 5
    ? tf.backend_util.computeConv3DInfo(...shapes).outShape
    : tf.backend_util.computeConv2DInfo(...shapes, dimRoundingMode, isDepthwise, format).outShape;
}

const plain = convolutions(1, 40);
const volumes = convolutions(2, 12, 3);
const depthwise = convolutions(3, 40).filter(({ dataFormat }) => dataFormat === 'NHWC');

function forwardCases(): KernelCase[] {
  return [
    ...plain.map((convolution) => {
      const { inputShape, filterShape, strides, pad, dataFormat, dilations, dimRoundingMode } =
        convolution;
      return kernelCase(
        `conv2d ${described(convolution)}`,
        [quarters(...inputShape), quarters(...filterShape)],
        (x: tf.Tensor4D, filter: tf.Tensor4D) =>
          tf.conv2d(
            x,
            filter,
            strides as Pair,
            pad,
            dataFormat as 'NHWC',
            dilations as Pair,
            dimRoundingMode,
          ),
      );
    }),
    ...volumes.map((convolution) => {
      const { inputShape, filterShape, strides, pad } = convolution;
      return kernelCase(
        `conv3d ${described(convolution)}`,
        [quarters(...inputShape), quarters(...filterShape)],
        (x: tf.Tensor5D, filter: tf.Tensor5D) =>
          tf.conv3d(x, filter, strides as [number, number, number], pad as 'same'),
      );
    }),
    ...depthwise.map((convolution) => {
      const { inputShape, filterShape, strides, pad, dilations, dimRoundingMode } = convolution;
      return kernelCase(
        `depthwiseConv2d ${described(convolution)}`,
        [quarters(...inputShape), quarters(...filterShape)],
        (x: tf.Tensor4D, filter: tf.Tensor4D) =>
          tf.depthwiseConv2d(
            x,
            filter,
            strides as Pair,
            pad,
            'NHWC',
            dilations as Pair,
            dimRoundingMode,
          ),
      );
    }),
  ];
}

/** tfjs's gradients are of convolutions without dilation. */
function gradientCases(
  kernels: readonly [input: string, filter: string],
  convolutions: readonly Convolution[],
  isDepthwise = false,
): KernelCase[] {
  return convolutions
    .filter(({ dilations }) => dilations.every((dilation) => dilation === 1))
    .flatMap((convolution) => {
      const { inputShape, filterShape, ...attributes } = convolution;
      const dy = quarters(...outputShape(convolution, isDepthwise));
      const [x, filter] = [quarters(...inputShape), quarters(...filterShape)];
      return [
        kernelCase(
          `${kernels[0]} ${described(convolution)}`,
          [dy, filter],
          (dy: tf.Tensor, filter: tf.Tensor) =>
            runKernel(kernels[0], { dy, filter }, { ...attributes, inputShape }),
        ),
        kernelCase(
          `${kernels[1]} ${described(convolution)}`,
          [x, dy],
          (x: tf.Tensor, dy: tf.Tensor) =>
            runKernel(kernels[1], { x, dy }, { ...attributes, filterShape }),
        ),
      ];
    });
}

export const convolutionCases: KernelCase[] = [
  ...forwardCases(),
  ...gradientCases(['Conv2DBackpropInput', 'Conv2DBackpropFilter'], plain),
  ...gradientCases(['Conv3DBackpropInputV2', 'Conv3DBackpropFilterV2'], volumes),
  ...gradientCases(
    ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'],
    depthwise,
    true,
  ),
  kernelCase(
    'conv1d',
    [quarters(2, 7, 3), quarters(3, 3, 4)],
    (x: tf.Tensor3D, filter: tf.Tensor3D) => tf.conv1d(x, filter, 2, 'same'),
  ),
  kernelCase(
    'conv2d of an image without a batch',
    [quarters(5, 6, 2), quarters(2, 3, 2, 1)],
    (x: tf.Tensor3D, filter: tf.Tensor4D) => tf.conv2d(x, filter, 1, 'valid'),
  ),
  kernelCase(
    'conv2dTranspose',
    [quarters(2, 3, 4, 3), quarters(3, 2, 2, 3)],
    (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.conv2dTranspose(x, filter, [2, 6, 8, 2], 2, 'same'),
  ),
  kernelCase(
    'separableConv2d',
    [quarters(2, 5, 5, 3), quarters(3, 3, 3, 2), quarters(1, 1, 6, 4)],
    (x: tf.Tensor4D, filter: tf.Tensor4D, points: tf.Tensor4D) =>
      tf.separableConv2d(x, filter, points, 1, 'same'),
  ),
];
