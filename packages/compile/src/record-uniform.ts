import type { Graph } from './graph.ts';
import { elementTypes } from './onnx-model.ts';
import { mixer } from './uniform-stream.ts';

/** Name of the graph input with one row of keys per draw, uint32 `[draws, 2]`. */
export const keysName = 'random/keys';

/**
 * Draw number `draw` of a run as ONNX nodes: the same bits as `fillUniform`. uint32, because its
 * products wrap around and its shifts bring in zeros.
 */
export function recordUniform(graph: Graph, draw: number, shape: readonly number[]): string {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const [first, second] = [0, 1].map((column) => {
    const place = graph.integers([draw, column]);
    return graph.apply('GatherND', [keysName, place]);
  }) as [string, string];
  const shifted = (name: string, bits: number) =>
    graph.apply('BitShift', [name, unsigned(graph, bits)], { direction: 'RIGHT' });
  const round = (name: string, shift: number, factor: number) => {
    const folded = graph.apply('BitwiseXor', [name, shifted(name, shift)]);
    return graph.apply('Mul', [folded, unsigned(graph, factor)]);
  };

  const bounds = [0, size, 1].map((bound) => graph.scalar('int32', bound));
  const indices = cast(graph, graph.apply('Range', bounds), 'uint32');
  const strides = graph.apply('Mul', [indices, unsigned(graph, mixer.stride)]);
  const counters = graph.apply('Add', [strides, first]);
  const once = round(counters, mixer.firstShift, mixer.firstFactor);
  const keyed = graph.apply('Add', [once, second]);
  const twice = round(keyed, mixer.secondShift, mixer.secondFactor);

  const integers = cast(graph, shifted(twice, mixer.outputShift), 'float32');
  const scale = graph.scalar('float32', mixer.outputScale);
  const flat = graph.apply('Mul', [integers, scale]);
  return graph.apply('Reshape', [flat, graph.integers(shape)], { allowzero: 1 });
}

function cast(graph: Graph, name: string, type: 'uint32' | 'float32'): string {
  return graph.apply('Cast', [name], { to: elementTypes[type] });
}

function unsigned(graph: Graph, value: number): string {
  return graph.constant('uint32', [], new Uint8Array(Uint32Array.of(value).buffer));
}
