import { util } from '@tensorflow/tfjs-core';
import type { Graph } from '../graph.ts';
import type { DType } from '../program.ts';

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
  graph: Graph,
  type: DType,
  shape: readonly number[],
  updates: Updates,
): string {
  const { depth, count } = updates;
  const row = shape.slice(depth);
  const rowSize = util.sizeFromShape([...row]);
  if (graph.isPortable) return addElements(graph, type, shape, updates);

  const indices = reshape(graph, updates.indices, [count, depth]);
  const values = reshape(graph, updates.values, [count, ...row]);
  const rows = Math.max(1, Math.floor(mostPerNode / Math.max(1, rowSize)));
  const pieces = Math.max(1, Math.ceil(count / rows));
  const sizes = Array.from({ length: pieces }, (_, piece) => Math.min(rows, count - piece * rows));
  const [indexPieces, valuePieces] = [indices, values].map((name) => split(graph, name, sizes)) as [
    string[],
    string[],
  ];
  return indexPieces.reduce(
    (sums, piece, place) =>
      graph.apply('ScatterND', [sums, piece, valuePieces[place]!], { reduction: 'add' }),
    zeros(graph, type, shape),
  );
}

/** One node whatever the count, which may be dynamic in an exported model. Slower. */
function addElements(
  graph: Graph,
  type: DType,
  shape: readonly number[],
  { indices, depth, values, count }: Updates,
): string {
  const [placed, row] = [shape.slice(0, depth), shape.slice(depth)].map((axes) => [...axes]) as [
    number[],
    number[],
  ];
  const size = util.sizeFromShape(row);
  const strides = placed.map((_, axis) => util.sizeFromShape(placed.slice(axis + 1)));
  const scaled = graph.apply('Mul', [
    reshape(graph, indices, [count, depth]),
    graph.integers(strides),
  ]);
  const flat = graph.apply('ReduceSum', [scaled, graph.integers([1])], { keepdims: 1 });
  const places = graph.apply('Expand', [flat, graph.integers([count, size])]);
  const table = zeros(graph, type, [util.sizeFromShape(placed), size]);
  const inputs = [table, places, reshape(graph, values, [count, size])];
  const sums = graph.apply('ScatterElements', inputs, { axis: 0, reduction: 'add' });
  return reshape(graph, sums, shape);
}

function zeros(graph: Graph, type: DType, shape: readonly number[]): string {
  return graph.apply('Expand', [graph.scalar(type, 0), graph.integers(shape)]);
}

function reshape(graph: Graph, name: string, shape: readonly number[]): string {
  return graph.apply('Reshape', [name, graph.integers(shape)], { allowzero: 1 });
}

function split(graph: Graph, name: string, sizes: readonly number[]): string[] {
  if (sizes.length === 1) return [name];
  const parts = sizes.map(() => graph.freshName());
  graph.add('Split', [name, graph.integers(sizes)], parts, { axis: 0 });
  return parts;
}
