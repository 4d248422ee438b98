import type { RecordingBackend } from '../recording-backend.ts';
import { padded, reshaped, transposed } from './arrange.ts';
import {
  type Convolution,
  convolution2d,
  convolution3d,
  depthwise,
  geometryOf,
  onnxFilter,
} from './convolution.ts';
import { type KernelRule, type KernelRules, named } from './rule.ts';
import { channelsFirst, channelsLast, counted, type Windows } from './windows.ts';

/**
 * Adds every output's share, `dy · filter`, to the inputs under its window; all channels first.
 * `filter` is ONNX's, `[outputs, channels of a group, space]`.
 */
export function spread(
  recorder: RecordingBackend,
  dy: string,
  filter: string,
  { size, strides, dilations, before, after }: Windows,
  group = 1,
): string {
  // Windows leave out less than a stride at the end, as a rule: ONNX can add that by itself.
  const missing = after.map((amount) => Math.max(0, -amount));
  const added = missing.map((amount, axis) => Math.min(amount, strides[axis]! - 1));
  const name = recorder.graph.apply('ConvTranspose', [dy, filter], {
    kernel_shape: size,
    strides,
    dilations,
    group,
    pads: [...before, ...after].map((amount) => Math.max(0, amount)),
    output_padding: added,
  });
  return padded(
    recorder,
    name,
    [0, 0, ...before.map((amount) => Math.max(0, -amount))],
    [0, 0, ...missing.map((amount, axis) => amount - added[axis]!)],
  );
}

function inputGradient(convolution: Convolution): KernelRule {
  return (recorder, { dy, filter }, { inputShape, ...attributes }) => {
    const geometry = geometryOf(convolution, inputShape, filter.shape, attributes);
    const { windows, isChannelsLast, channels } = geometry;
    const rank = inputShape.length;
    const share = channelsFirst(recorder, named(recorder, dy, 'float32'), rank, isChannelsLast);
    const shape = isChannelsLast ? dy.shape.slice(1, -1) : dy.shape.slice(2);
    const weights = named(recorder, filter, 'float32');
    const name = spread(
      recorder,
      counted(recorder, share, shape, windows),
      onnxFilter(recorder, convolution, weights, geometry),
      windows,
      convolution.isDepthwise ? channels : 1,
    );
    const gradient = channelsLast(recorder, name, rank, isChannelsLast);
    return recorder.info(gradient, inputShape, 'float32');
  };
}

/**
 * The input convolved with the outputs' gradient: what was the batch is summed over, and so plays
 * the channels; strides and dilations change places.
 */
function filterGradient(convolution: Convolution): KernelRule {
  return (recorder, { x, dy }, { filterShape, ...attributes }) => {
    const geometry = geometryOf(convolution, x.shape, filterShape, attributes);
    const { windows, isChannelsLast, channels, outputChannels } = geometry;
    const rank = x.shape.length;
    const [image, share] = [x, dy].map((info) => {
      const name = named(recorder, info, 'float32');
      return channelsFirst(recorder, name, rank, isChannelsLast);
    }) as [string, string];
    const shape = isChannelsLast ? dy.shape.slice(1, -1) : dy.shape.slice(2);
    const swap = [1, 0, ...windows.size.map((_, axis) => axis + 2)];
    let images = transposed(recorder, image, swap);
    const filters = transposed(recorder, counted(recorder, share, shape, windows), swap);
    if (convolution.isDepthwise) {
      images = reshaped(recorder, images, [1, channels * x.shape[0], ...windows.input]);
    }
    const name = correlate(
      recorder,
      images,
      filters,
      windows,
      convolution.isDepthwise ? channels : 1,
    );
    return recorder.info(
      tfjsFilter(recorder, convolution, name, [channels, outputChannels], windows),
      filterShape,
      'float32',
    );
  };
}

function correlate(
  recorder: RecordingBackend,
  images: string,
  filters: string,
  { output, strides, dilations, before, after }: Windows,
  group: number,
): string {
  // What no window reaches is cut off: ONNX would make it another cell of the filter.
  const [front, back] = [before, after].map((amounts) => [
    0,
    0,
    ...amounts.map((amount) => Math.min(0, amount)),
  ]) as [number[], number[]];
  return recorder.graph.apply('Conv', [padded(recorder, images, front, back), filters], {
    kernel_shape: output,
    strides: dilations,
    dilations: strides,
    group,
    pads: [...before, ...after].map((amount) => Math.max(0, amount)),
  });
}

/** The inverse of `onnxFilter`, for a gradient that has the channels in front of the outputs. */
function tfjsFilter(
  recorder: RecordingBackend,
  { isDepthwise }: Convolution,
  name: string,
  [channels, outputChannels]: readonly [number, number],
  { size }: Windows,
): string {
  const space = size.map((_, axis) => axis + 2);
  const byChannel = isDepthwise
    ? reshaped(recorder, name, [channels, outputChannels / channels, ...size])
    : name;
  return transposed(recorder, byChannel, [...space, 0, 1]);
}

export const convolutionGradientRules: KernelRules = {
  Conv2DBackpropFilter: filterGradient(convolution2d),
  Conv2DBackpropInput: inputGradient(convolution2d),
  Conv3DBackpropFilterV2: filterGradient(convolution3d),
  Conv3DBackpropInputV2: inputGradient(convolution3d),
  DepthwiseConv2dNativeBackpropFilter: filterGradient(depthwise),
  DepthwiseConv2dNativeBackpropInput: inputGradient(depthwise),
};
