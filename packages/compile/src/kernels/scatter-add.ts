import { util } from '@tensorflow/tfjs-core';
import type { DType } from '../program.ts';
import type { RecordingBackend } from '../recording-backend.ts';
import { filled, reshaped, splitted } from './arrange.ts';

export interface Updates {
  /** Graph name of int64 `[..., depth]`: places in the first `depth` axes of the result. */
  readonly indices: string;
  readonly depth: number;
  /** Graph name of what is added there, `[..., ...rest of the result's axes]`. */
  readonly values: string;
  /** How many places there are. */
  readonly count: number;
}

/**
 * Most values that one ScatterND adds. ONNX Runtime shares more work than its cost model's 100,000
 * cycles a thread out to several threads, and then loses updates of repeated indices:
 * https://github.com/microsoft/onnxruntime/issues/18048
 */
const mostPerNode = 2 ** 16;

/** Adds updates into zeros of `shape`; those of repeated indices accumulate, in order. */
export function scatterAdd(
  recorder: RecordingBackend,
  type: DType,
  shape: readonly number[],
  updates: Updates,
): string {
  const { depth, count } = updates;
  const row = shape.slice(depth);
  const rowSize = util.sizeFromShape([...row]);
  if (recorder.graph.isPortable) return addElements(recorder, type, shape, updates);

  const indices = reshaped(recorder, updates.indices, [count, depth]);
  const values = reshaped(recorder, updates.values, [count, ...row]);
  const rows = Math.max(1, Math.floor(mostPerNode / Math.max(1, rowSize)));
  const pieces = Math.max(1, Math.ceil(count / rows));
  const sizes = Array.from({ length: pieces }, (_, piece) => Math.min(rows, count - piece * rows));
  const [indexPieces, valuePieces] = [indices, values].map((name) =>
    splitted(recorder, name, sizes, 0),
  ) as [string[], string[]];
  return indexPieces.reduce(
    (sums, piece, place) =>
      recorder.graph.apply('ScatterND', [sums, piece, valuePieces[place]!], { reduction: 'add' }),
    zeros(recorder, type, shape),
  );
}

/** One node whatever the count, which may be dynamic in an exported model. Slower. */
function addElements(
  recorder: RecordingBackend,
  type: DType,
  shape: readonly number[],
  { indices, depth, values, count }: Updates,
): string {
  const { graph } = recorder;
  const [placed, row] = [shape.slice(0, depth), shape.slice(depth)].map((axes) => [...axes]) as [
    number[],
    number[],
  ];
  const size = util.sizeFromShape(row);
  const strides = placed.map((_, axis) => util.sizeFromShape(placed.slice(axis + 1)));
  const scaled = graph.apply('Mul', [
    reshaped(recorder, indices, [count, depth]),
    graph.integers(strides),
  ]);
  const flat = graph.apply('ReduceSum', [scaled, graph.integers([1])], { keepdims: 1 });
  const places = graph.apply('Expand', [flat, graph.integers([count, size])]);
  const table = zeros(recorder, type, [util.sizeFromShape(placed), size]);
  const inputs = [table, places, reshaped(recorder, values, [count, size])];
  const sums = graph.apply('ScatterElements', inputs, { axis: 0, reduction: 'add' });
  return reshaped(recorder, sums, shape);
}

function zeros(recorder: RecordingBackend, type: DType, shape: readonly number[]): string {
  return filled(recorder, recorder.graph.scalar(type, 0), shape);
}
