import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { OnnxType } from '../graph.ts';
import type { RecordingBackend } from '../recording-backend.ts';
import { beforeTheFirst, filled, padded, reshaped, sliced, table } from './arrange.ts';
import { spread } from './convolution-gradients.ts';
import { cast, converted, type KernelRule, type KernelRules, named } from './rule.ts';
import {
  channelsFirst,
  channelsLast,
  counted,
  fitted,
  fittedExtents,
  type InnerWindows,
  innerWindows,
  unfitted,
  type Windows,
  windowAttributes,
  windowsOf,
} from './windows.ts';

// biome-ignore lint/suspicious/noExplicitAny: as in a kernel rule.
type PoolAttributes = any;

function poolWindows(
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): InnerWindows & { shape: number[] } {
  const form = [shape, filterSize, strides, 1, pad, dimRoundingMode] as never;
  const info =
    shape.length === 5
      ? backend_util.computePool3DInfo(
          ...(form as Parameters<typeof backend_util.computePool3DInfo>),
        )
      : backend_util.computePool2DInfo(
          ...(form as Parameters<typeof backend_util.computePool2DInfo>),
        );
  return { ...innerWindows(windowsOf(info)), shape: info.outShape };
}

/** ONNX Runtime pools no int32; float64 holds each of them. */
function poolType({ dtype }: TensorInfo): OnnxType {
  return dtype === 'float32' ? 'float32' : 'float64';
}

/** `empty` is tfjs's result for windows beside the input. */
function pool(operator: string, empty: number): KernelRule {
  return (recorder, { x }, attributes) => {
    const { windows, front, back, shape } = poolWindows(x.shape, attributes);
    const isOneCell = shape.length === 4 && windows.size.every((extent) => extent === 1);
    if (isOneCell && util.arraysEqual(shape, x.shape)) {
      return recorder.emit('Identity', [recorder.name(x)], x); // as tfjs, wherever the windows lie
    }
    const type = poolType(x);
    const image = channelsFirst(recorder, named(recorder, x, type), x.shape.length);
    const inputs = [fitted(recorder, image, windows)];
    const inner = recorder.graph.apply(operator, inputs, windowAttributes(windows));
    const fill = x.dtype === 'float32' ? empty : 0; // what an int32 holds of an infinity
    const all = padded(recorder, inner, front, back, table(recorder, type, [], [fill]));
    const name = channelsLast(recorder, all, x.shape.length);
    return recorder.info(converted(recorder, name, type, x.dtype), shape, x.dtype);
  };
}

/**
 * Largest values and where they are, all channels first. Places count the cells of the fitted
 * image; of equal values the first one counts.
 */
function maxima(recorder: RecordingBackend, image: string, windows: Windows): [string, string] {
  const { graph } = recorder;
  const [values, places] = [graph.freshName(), graph.freshName()];
  const inputs = [fitted(recorder, image, windows)];
  graph.add('MaxPool', inputs, [values, places], windowAttributes(windows));
  return [values, places];
}

/** tfjs counts places with the channels last, within each image or within the batch. */
const maxPoolWithArgmax: KernelRule = (recorder, { x }, { includeBatchInIndex, ...attributes }) => {
  const { graph } = recorder;
  const { windows, front, back, shape } = poolWindows(x.shape, attributes);
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = fittedExtents(windows) as [number, number];
  const image = channelsFirst(recorder, named(recorder, x, poolType(x)), 4);
  const [values, places] = maxima(recorder, image, windows);
  const constant = (value: number) => table(recorder, 'int64', [], [value]);
  const times = (name: string, factor: number) => graph.apply('Mul', [name, constant(factor)]);

  const cell = graph.apply('Mod', [places, constant(rows * columns)]);
  const row = graph.apply('Div', [cell, constant(columns)]);
  const column = graph.apply('Mod', [cell, constant(columns)]);
  const pixel = graph.apply('Add', [times(row, width), column]);
  const channel = table(recorder, 'int64', [channels, 1, 1], [...Array(channels).keys()]);
  let index = graph.apply('Add', [times(pixel, channels), channel]);
  if (includeBatchInIndex) {
    const size = height * width * channels;
    const starts = Array.from({ length: batch }, (_, image) => image * size);
    index = graph.apply('Add', [index, table(recorder, 'int64', [batch, 1, 1, 1], starts)]);
  }
  // tfjs's results for windows beside the input.
  const fill = x.dtype === 'float32' ? Number.NEGATIVE_INFINITY : 0;
  const largest = padded(recorder, values, front, back, table(recorder, poolType(x), [], [fill]));
  const indices = padded(recorder, index, front, back, constant(-1));
  const pooled = channelsLast(recorder, largest, 4);
  return [
    recorder.info(converted(recorder, pooled, poolType(x), x.dtype), shape, x.dtype),
    recorder.info(cast(recorder, channelsLast(recorder, indices, 4), 'int32'), shape, 'int32'),
  ];
};

/**
 * Every window's gradient goes to its maximum. Of equal values tfjs takes the first in images, but
 * the last in volumes, which is the first of the volume turned round.
 */
function maxPoolGradient(takesLast: boolean): KernelRule {
  return (recorder, { dy, input }, attributes) => {
    const inner = poolWindows(input.shape, attributes);
    const { before, after } = inner.windows;
    const windows = takesLast ? { ...inner.windows, before: after, after: before } : inner.windows;
    const rank = input.shape.length;
    const turned = (name: string) => (takesLast ? reversed(recorder, name, rank) : name);

    const values = named(recorder, input, poolType(input));
    const [, places] = maxima(recorder, turned(channelsFirst(recorder, values, rank)), windows);
    const share = channelsFirst(recorder, named(recorder, dy, 'float32'), rank);
    const updates = turned(innerShares(recorder, share, dy.shape, inner));
    const shape = [input.shape[0], input.shape.at(-1), ...fittedExtents(windows)];
    const sums = reshaped(recorder, sumByPlace(recorder, places, updates, shape), shape);
    const gradient = turned(unfitted(recorder, sums, windows));
    return recorder.info(channelsLast(recorder, gradient, rank), input.shape, 'float32');
  };
}

/** Only of the windows that reach the input. */
function innerShares(
  recorder: RecordingBackend,
  share: string,
  shape: readonly number[],
  { windows, front, back }: InnerWindows,
): string {
  const output = windows.output.map((count, axis) => count + front[axis + 2]! + back[axis + 2]!);
  const all = counted(recorder, share, shape.slice(1, -1), { ...windows, output });
  const negated = (amounts: readonly number[]) => amounts.map((amount) => -amount);
  return padded(recorder, all, negated(front), negated(back));
}

/** A list of as many sums as `shape` has cells. */
function sumByPlace(
  recorder: RecordingBackend,
  places: string,
  updates: string,
  shape: readonly number[],
): string {
  const { graph } = recorder;
  const size = util.sizeFromShape([...shape]);
  const zeros = filled(recorder, graph.scalar('float32', 0), [size]);
  const lists = [places, updates].map((name) => reshaped(recorder, name, [-1]));
  return graph.apply('ScatterElements', [zeros, ...lists], { axis: 0, reduction: 'add' });
}

/** Turned round along every axis of space, channels first. */
function reversed(recorder: RecordingBackend, name: string, rank: number): string {
  const axes = Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
  return sliced(recorder, name, {
    starts: axes.map(() => -1),
    ends: axes.map(() => beforeTheFirst),
    steps: axes.map(() => -1),
    axes,
  });
}

/** As tfjs's: divided by the window's size, though `avgPool` divides by its cells in the input. */
const averagePoolGradient: KernelRule = (recorder, { dy, input }, attributes) => {
  const { graph } = recorder;
  const inner = poolWindows(input.shape, attributes);
  const { windows } = inner;
  const rank = input.shape.length;
  const [batch, channels] = [input.shape[0], input.shape.at(-1)];
  const share = channelsFirst(recorder, named(recorder, dy, 'float32'), rank);
  const shares = innerShares(recorder, share, dy.shape, inner);
  const single = reshaped(recorder, shares, [batch * channels, 1, ...windows.output]);
  const cells = util.sizeFromShape([...windows.size]);
  const weights = filled(recorder, graph.scalar('float32', 1 / cells), [1, 1, ...windows.size]);
  const name = spread(recorder, single, weights, windows);
  const gradient = reshaped(recorder, name, [batch, channels, ...windows.input]);
  return recorder.info(channelsLast(recorder, gradient, rank), input.shape, 'float32');
};

export const poolingRules: KernelRules = {
  AvgPool: pool('AveragePool', Number.NaN),
  AvgPool3D: pool('AveragePool', 0),
  AvgPool3DGrad: averagePoolGradient,
  AvgPoolGrad: averagePoolGradient,
  MaxPool: pool('MaxPool', Number.NEGATIVE_INFINITY),
  MaxPool3D: pool('MaxPool', Number.NEGATIVE_INFINITY),
  MaxPool3DGrad: maxPoolGradient(true),
  MaxPoolGrad: maxPoolGradient(false),
  MaxPoolWithArgmax: maxPoolWithArgmax,
};
