import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';
import { UnsupportedKernelError } from '../trace-error.ts';
import { reshaped, transposed } from './arrange.ts';
import { converted, type KernelRule, type KernelRules, named } from './rule.ts';
import {
  channelsFirst,
  channelsLast,
  fitted,
  type Windows,
  windowAttributes,
  windowsOf,
} from './windows.ts';

/** A kind of tfjs convolution: what its kernels for the value and both gradients share. */
export interface Convolution {
  readonly kernel: string;
  readonly spatialRank: 2 | 3;
  /** Every channel has filters of its own. */
  readonly isDepthwise: boolean;
}

export const convolution2d: Convolution = { kernel: 'Conv2D', spatialRank: 2, isDepthwise: false };
export const convolution3d: Convolution = { kernel: 'Conv3D', spatialRank: 3, isDepthwise: false };
export const depthwise: Convolution = {
  kernel: 'DepthwiseConv2dNative',
  spatialRank: 2,
  isDepthwise: true,
};

export interface ConvolutionGeometry {
  readonly windows: Windows;
  readonly outputShape: readonly number[];
  readonly isChannelsLast: boolean;
  readonly channels: number;
  readonly outputChannels: number;
}

export function geometryOf(
  { kernel, spatialRank, isDepthwise }: Convolution,
  inputShape: readonly number[],
  filterShape: readonly number[],
  // biome-ignore lint/suspicious/noExplicitAny: as in a kernel rule.
  { strides, pad, dilations: given, dimRoundingMode, dataFormat }: any,
): ConvolutionGeometry {
  const dilations = given ?? 1; // null, too, is tfjs's default
  const isChannelsLast = !dataFormat?.startsWith('NC');
  if (isDepthwise && !isChannelsLast) throw new UnsupportedKernelError(kernel, ` of ${dataFormat}`);
  const shapes = [inputShape, filterShape] as [never, never];
  const format = isChannelsLast ? 'channelsLast' : 'channelsFirst';
  const info =
    spatialRank === 3
      ? backend_util.computeConv3DInfo(...shapes, strides, dilations, pad, false, format)
      : backend_util.computeConv2DInfo(
          ...shapes,
          strides,
          dilations,
          pad,
          dimRoundingMode,
          isDepthwise,
          format,
        );
  return {
    windows: windowsOf(info),
    outputShape: info.outShape,
    isChannelsLast,
    channels: info.inChannels,
    outputChannels: info.outChannels,
  };
}

/**
 * tfjs keeps filters as `[space, channels, outputs]`; ONNX wants `[outputs, channels, space]`, and
 * of depthwise filters `[channels · multiplier, 1, space]`.
 */
export function onnxFilter(
  recorder: RecordingBackend,
  { spatialRank, isDepthwise }: Convolution,
  name: string,
  { windows, outputChannels }: ConvolutionGeometry,
): string {
  const space = windows.size.map((_, axis) => axis);
  if (!isDepthwise) return transposed(recorder, name, [spatialRank + 1, spatialRank, ...space]);
  const byChannel = transposed(recorder, name, [spatialRank, spatialRank + 1, ...space]);
  return reshaped(recorder, byChannel, [outputChannels, 1, ...windows.size]);
}

/** `bias` holds one number per output channel. */
export function convolve(
  recorder: RecordingBackend,
  convolution: Convolution,
  { x, filter, bias }: { x: TensorInfo; filter: TensorInfo; bias?: TensorInfo | undefined },
  attributes: object,
): TensorInfo {
  const geometry = geometryOf(convolution, x.shape, filter.shape, attributes);
  const { windows, isChannelsLast, channels, outputShape } = geometry;
  const rank = x.shape.length;
  const image = channelsFirst(recorder, named(recorder, x, 'float32'), rank, isChannelsLast);
  const inputs = [
    fitted(recorder, image, windows),
    onnxFilter(recorder, convolution, named(recorder, filter, 'float32'), geometry),
    ...(bias ? [named(recorder, bias, 'float32')] : []),
  ];
  const result = recorder.graph.apply('Conv', inputs, {
    ...windowAttributes(windows),
    group: convolution.isDepthwise ? channels : 1,
  });
  const name = channelsLast(recorder, result, rank, isChannelsLast);
  const { dtype } = x;
  return recorder.info(converted(recorder, name, 'float32', dtype), outputShape, dtype);
}

function convolutionRule(convolution: Convolution): KernelRule {
  return (recorder, { x, filter }, attributes) =>
    convolve(recorder, convolution, { x, filter }, attributes);
}

export const convolutionRules: KernelRules = {
  Conv2D: convolutionRule(convolution2d),
  Conv3D: convolutionRule(convolution3d),
  DepthwiseConv2dNative: convolutionRule(depthwise),
};
