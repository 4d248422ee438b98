import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';
import { reshaped, sliced, table, transposed } from './arrange.ts';
import { converted, type KernelRule, type KernelRules, named } from './rule.ts';
import { scatterAdd } from './scatter-add.ts';
import { type Windows, windowsOf } from './windows.ts';

// biome-ignore lint/suspicious/noExplicitAny: as in a kernel rule.
type DilationAttributes = any;

interface DilationInputs {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
}

interface Sums {
  /** Every pixel plus its cell of the filter: `[batch, windows, cells, channels]`. */
  readonly name: string;
  readonly outputShape: readonly number[];
  /** The pixel under every cell of every window; as many as there are pixels if none is. */
  readonly pixels: readonly number[];
  readonly windowCount: number;
  readonly cellCount: number;
}

function pixelsOf({ input, output, size, strides, dilations, before }: Windows): number[] {
  const [height, width] = input as [number, number];
  const at = (axis: number, window: number, cell: number) =>
    window * strides[axis]! + cell * dilations[axis]! - before[axis]!;
  return Array.from({ length: util.sizeFromShape([...output]) }, (_, window) =>
    Array.from({ length: util.sizeFromShape([...size]) }, (_, cell) => {
      const row = at(0, Math.floor(window / output[1]!), Math.floor(cell / size[1]!));
      const column = at(1, window % output[1]!, cell % size[1]!);
      const isInside = row >= 0 && row < height && column >= 0 && column < width;
      return isInside ? row * width + column : height * width;
    }),
  ).flat();
}

function sumsOf(
  recorder: RecordingBackend,
  { x, filter }: DilationInputs,
  { strides, pad, dilations }: DilationAttributes,
): Sums {
  const { graph } = recorder;
  const info = backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides,
    pad,
    'NHWC',
    dilations,
  );
  const windows = windowsOf(info);
  const [batch, height, width, channels] = info.inShape;
  const [windowCount, cellCount] = [
    util.sizeFromShape([...windows.output]),
    util.sizeFromShape([...windows.size]),
  ];
  const pixels = pixelsOf(windows);
  const form = [windowCount, cellCount];

  const flat = reshaped(recorder, named(recorder, x, 'float32'), [batch, height * width, channels]);
  const inside = pixels.map((pixel) => (pixel < height * width ? pixel : 0));
  const patches = graph.apply('Gather', [flat, table(recorder, 'int64', form, inside)], {
    axis: 1,
  });
  const cells = reshaped(recorder, named(recorder, filter, 'float32'), [cellCount, channels]);
  const isInside = pixels.map((pixel) => (pixel < height * width ? 1 : 0));
  const name = graph.apply('Where', [
    table(recorder, 'bool', [...form, 1], isInside),
    graph.apply('Add', [patches, cells]),
    graph.scalar('float32', Number.MIN_SAFE_INTEGER), // tfjs's smallest
  ]);
  return { name, outputShape: info.outShape, pixels, windowCount, cellCount };
}

/** The gradient of every window, at its largest cell and 0 at the others; of equal ones the first. */
function shares(recorder: RecordingBackend, sums: Sums, dy: TensorInfo): string {
  const { graph } = recorder;
  const { windowCount, cellCount, outputShape } = sums;
  const largest = graph.apply('ArgMax', [sums.name], { axis: 2, keepdims: 1 });
  const cells = table(recorder, 'int64', [cellCount, 1], [...Array(cellCount).keys()]);
  const form = [outputShape[0]!, windowCount, 1, outputShape[3]!];
  return graph.apply('Where', [
    graph.apply('Equal', [largest, cells]),
    reshaped(recorder, named(recorder, dy, 'float32'), form),
    graph.scalar('float32', 0),
  ]);
}

function asTypeOf(recorder: RecordingBackend, name: string, { shape, dtype }: TensorInfo) {
  const value = reshaped(recorder, name, shape);
  return recorder.info(converted(recorder, value, 'float32', dtype), shape, dtype);
}

const dilation: KernelRule = (recorder, inputs, attributes) => {
  const { graph } = recorder;
  const { name, outputShape } = sumsOf(recorder, inputs, attributes);
  const largest = graph.apply('ReduceMax', [name, graph.integers([2])], { keepdims: 0 });
  const like = { dataId: {}, shape: [...outputShape], dtype: inputs.x.dtype };
  return asTypeOf(recorder, largest, like);
};

const filterGradient: KernelRule = (recorder, { dy, ...inputs }, attributes) => {
  const { graph } = recorder;
  const every = shares(recorder, sumsOf(recorder, inputs, attributes), dy);
  const sum = graph.apply('ReduceSum', [every, graph.integers([0, 1])], { keepdims: 0 });
  return asTypeOf(recorder, sum, inputs.filter);
};

const inputGradient: KernelRule = (recorder, { dy, ...inputs }, attributes) => {
  const sums = sumsOf(recorder, inputs, attributes);
  const [batch, height, width, channels] = inputs.x.shape;
  const { pixels } = sums;
  const byCell = transposed(recorder, shares(recorder, sums, dy), [1, 2, 0, 3]);
  const updates = reshaped(recorder, byCell, [pixels.length, batch, channels]);
  // One pixel more takes the shares of cells outside.
  const all = scatterAdd(recorder, 'float32', [height * width + 1, batch, channels], {
    indices: table(recorder, 'int64', [pixels.length, 1], pixels),
    depth: 1,
    values: updates,
    count: pixels.length,
  });
  const inside = sliced(recorder, all, { starts: [0], ends: [height * width] });
  return asTypeOf(recorder, transposed(recorder, inside, [1, 0, 2]), inputs.x);
};

export const dilationRules: KernelRules = {
  Dilation2D: dilation,
  Dilation2DBackpropFilter: filterGradient,
  Dilation2DBackpropInput: inputGradient,
};
