import type { backend_util } from '@tensorflow/tfjs-core';
import type { RecordingBackend } from '../recording-backend.ts';
import { padded, transposed } from './arrange.ts';

/** How a window moves over an image or a volume: one number for each of its two or three axes. */
export interface Windows {
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Cells between the first window's first cell and the input; negative if it starts inside. */
  readonly before: readonly number[];
  /** Cells by which the last window reaches beyond the input; negative if it ends inside. */
  readonly after: readonly number[];
}

type WindowInfo = backend_util.Conv2DInfo | backend_util.Conv3DInfo;

/** tfjs has rounded and padded: it only remains to see how far the last window reaches. */
export function windowsOf(info: WindowInfo): Windows {
  const axes =
    'inDepth' in info ? (['Depth', 'Height', 'Width'] as const) : (['Height', 'Width'] as const);
  const numbers = info as unknown as Readonly<Record<string, number>>;
  const each = (prefix: string) => axes.map((axis) => numbers[prefix + axis]!);
  const { front, top, left } = info.padInfo as backend_util.PadInfo3D;
  const before = 'inDepth' in info ? [front, top, left] : [top, left];
  const [input, output, strides] = [each('in'), each('out'), each('stride')];
  const after = each('effectiveFilter').map(
    (size, axis) => (output[axis]! - 1) * strides[axis]! + size - input[axis]! - before[axis]!,
  );
  return {
    input,
    output,
    size: each('filter'),
    strides,
    dilations: each('dilation'),
    before,
    after,
  };
}

export interface InnerWindows {
  /** Those that reach the input. */
  readonly windows: Windows;
  /** How many lie in front of the input, and behind it: for each axis, channels first. */
  readonly front: readonly number[];
  readonly back: readonly number[];
}

/** Leaves out the windows that lie beside the input, in wide padding: ONNX Runtime has none. */
export function innerWindows(windows: Windows): InnerWindows {
  const { input, output, size, strides, before, after } = windows;
  const each = (amount: (axis: number) => number) => input.map((_, axis) => amount(axis));
  const beyond = (reach: number, axis: number) =>
    reach < size[axis]! ? 0 : Math.floor((reach - size[axis]!) / strides[axis]!) + 1;
  const front = each((axis) => beyond(before[axis]!, axis));
  const back = each((axis) => beyond(after[axis]!, axis));
  return {
    windows: {
      ...windows,
      output: each((axis) => output[axis]! - front[axis]! - back[axis]!),
      before: each((axis) => before[axis]! - front[axis]! * strides[axis]!),
      after: each((axis) => after[axis]! - back[axis]! * strides[axis]!),
    },
    front: [0, 0, ...front],
    back: [0, 0, ...back],
  };
}

/** ONNX attributes of a window, for an input that `fitted` has cut. */
export function windowAttributes({
  size,
  strides,
  dilations,
  before,
  after,
}: Windows): Record<string, readonly number[]> {
  const pads = [...before, ...after].map((amount) => Math.max(0, amount));
  return { kernel_shape: size, strides, dilations, pads };
}

/**
 * Cuts an input, channels first, where ONNX would see cells that tfjs's windows leave out: in
 * front of the first window, and enough behind the last for one more.
 */
export function fitted(recorder: RecordingBackend, name: string, windows: Windows): string {
  const [before, after] = cuts(windows);
  return padded(recorder, name, [0, 0, ...before.map(negated)], [0, 0, ...after.map(negated)]);
}

/** What is left of the input's extents after `fitted`. */
export function fittedExtents(windows: Windows): number[] {
  const [before, after] = cuts(windows);
  return windows.input.map((extent, axis) => extent - before[axis]! - after[axis]!);
}

/** Zeros in place of what `fitted` cut off. */
export function unfitted(recorder: RecordingBackend, name: string, windows: Windows): string {
  const [before, after] = cuts(windows);
  return padded(recorder, name, [0, 0, ...before], [0, 0, ...after]);
}

function cuts({ before, after, strides }: Windows): [number[], number[]] {
  return [
    before.map((amount) => Math.max(0, -amount)),
    after.map((amount, axis) => (-amount < strides[axis]! ? 0 : -amount)),
  ];
}

function negated(amount: number): number {
  return -amount;
}

/** Leaves out the outputs that tfjs's gradients do not count, having forgotten the rounding mode. */
export function counted(
  recorder: RecordingBackend,
  name: string,
  shape: readonly number[],
  { output }: Windows,
): string {
  const extra = output.map((extent, axis) => extent - shape.slice(-output.length)[axis]!);
  return padded(recorder, name, [0, 0, ...extra.map(() => 0)], [0, 0, ...extra]);
}

/** ONNX's order of axes, given tfjs's usual one: batch, channels, space. */
export function channelsFirst(
  recorder: RecordingBackend,
  name: string,
  rank: number,
  isChannelsLast = true,
): string {
  if (!isChannelsLast) return name;
  return transposed(recorder, name, [0, rank - 1, ...spatialAxes(rank).map((axis) => axis - 1)]);
}

/** tfjs's usual order of axes, given ONNX's: batch, space, channels. */
export function channelsLast(
  recorder: RecordingBackend,
  name: string,
  rank: number,
  isChannelsLast = true,
): string {
  if (!isChannelsLast) return name;
  return transposed(recorder, name, [0, ...spatialAxes(rank), 1]);
}

function spatialAxes(rank: number): number[] {
  return Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
}
