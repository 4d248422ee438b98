import { ActionableError, quote } from '@rodpo/errors';
import type { ExportSpec } from './export-spec.ts';
import {
  type Attribute,
  type Constant,
  type Extent,
  Graph,
  type GraphNode,
  type GraphValue,
} from './graph.ts';
import { elementTypes } from './onnx-model.ts';
import { names } from './trace.ts';

/** An exported step depends on its dynamic extent in a way that a model cannot follow. */
export class DynamicShapeError extends ActionableError {
  override readonly name = 'DynamicShapeError';

  constructor(extent: string, problem: string, options?: ErrorOptions) {
    super(`The step cannot be exported with a dynamic '${extent}': ${problem}`, options);
  }

  /** @param what what changes with the extent, and how */
  static changing(extent: string, what: string): DynamicShapeError {
    return new DynamicShapeError(
      extent,
      `${what} as '${extent}' changes. ` +
        'Make sizes and counts from tensor shapes (tf.fill, tf.range, tf.mean) instead of plain ' +
        `numbers, pass what depends on '${extent}' as an input, or export with a fixed extent.`,
    );
  }

  /** @param failure at which size the step failed, and what it said */
  static atSize(
    extent: string,
    { size, message }: { readonly size: number; readonly message: string },
    options: ErrorOptions,
  ): DynamicShapeError {
    return new DynamicShapeError(
      extent,
      `it fails where '${extent}' is ${size} (${quote(message, 300)}). If it takes multiples of a ` +
        'number only, as packed rows do, give that number as multipleOf; otherwise let it take ' +
        'any size, or export with a fixed extent.',
      options,
    );
  }
}

export interface DynamicExtent {
  /** Its name. */
  readonly dynamic: string;
  /** Its values in the traces, over `multipleOf`. */
  readonly sizes: readonly number[];
  /** What it is a multiple of. */
  readonly multipleOf: number;
}

/**
 * One graph for every size of the dynamic extent, from those of traces at three. They must have the
 * same nodes; an integer constant that differs must be `offset + slope · size / multipleOf`, and is
 * computed from the size of an input at run time.
 *
 * @throws {DynamicShapeError} if they differ in another way
 */
export function mergeTraces(
  graphs: readonly Graph[],
  inputs: Readonly<Record<string, ExportSpec>>,
  { dynamic, sizes, multipleOf }: DynamicExtent,
): Graph {
  const extents = sizes.map((size) => size * multipleOf);
  const merged = mergeGraphs(graphs, extents, dynamic);
  const size = new DynamicSize(inputs, { dynamic, multipleOf });
  const constants = graphs[0]!.constants.map((_, place) =>
    graphs.map((graph) => graph.constants[place]!),
  );
  for (const versions of constants) {
    if (versions.every((version) => isEqual(version, versions[0]!))) {
      merged.constants.push(versions[0]!);
    } else {
      size.define(versions, sizes);
    }
  }
  size.addTo(merged);
  return merged;
}

function mergeGraphs(graphs: readonly Graph[], sizes: readonly number[], dynamic: string): Graph {
  const merged = new Graph();
  const [first] = graphs as [Graph];
  const lengths = new Set(graphs.map(({ nodes }) => nodes.length));
  const constantCounts = new Set(graphs.map(({ constants }) => constants.length));
  if (lengths.size > 1 || constantCounts.size > 1) {
    throw DynamicShapeError.changing(dynamic, 'it computes in different ways');
  }
  merged.nodes.push(
    ...first.nodes.map((_, place) =>
      mergeNodes(
        graphs.map(({ nodes }) => nodes[place]!),
        sizes,
        dynamic,
      ),
    ),
  );
  const mergeValues = (values: GraphValue[][]) =>
    values[0]!.map((value, place) => {
      const shapes = values.map((versions) => versions[place]!.shape as number[]);
      return { ...value, shape: mergeShapes(shapes, sizes, dynamic) };
    });
  merged.inputs.push(...mergeValues(graphs.map(({ inputs }) => inputs)));
  merged.outputs.push(...mergeValues(graphs.map(({ outputs }) => outputs)));
  return merged;
}

function mergeNodes(
  versions: readonly GraphNode[],
  sizes: readonly number[],
  dynamic: string,
): GraphNode {
  const [first] = versions as [GraphNode];
  const merged = Object.entries(first.attributes).map(([name, value]) => {
    const values = versions.map(({ attributes }) => attributes[name]!);
    if (value instanceof Graph) return [name, mergeGraphs(values as Graph[], sizes, dynamic)];
    return [name, value] as [string, Attribute];
  });
  const plain = (node: GraphNode) =>
    JSON.stringify({
      ...node,
      attributes: Object.entries(node.attributes).filter(([, value]) => !(value instanceof Graph)),
    });
  if (versions.some((version) => plain(version) !== plain(first))) {
    throw DynamicShapeError.changing(dynamic, `an attribute of ${first.operator} changes`);
  }
  return { ...first, attributes: Object.fromEntries(merged) };
}

/** The name where the extent is the size itself, null where it is some other function of it. */
function mergeShapes(
  shapes: readonly number[][],
  sizes: readonly number[],
  dynamic: string,
): Extent[] {
  return shapes[0]!.map((extent, axis) => {
    const extents = shapes.map((shape) => shape[axis]!);
    if (extents.every((other) => other === extent)) return extent;
    return extents.every((other, version) => other === sizes[version]) ? dynamic : null;
  });
}

function isEqual(a: Constant, b: Constant): boolean {
  return a.shape.join() === b.shape.join() && Buffer.compare(a.bytes, b.bytes) === 0;
}

/** Nodes that compute, from the size of an input, the constants that depend on it. */
class DynamicSize {
  readonly #graph = new Graph();
  readonly #dynamic: string;
  readonly #size: string;

  constructor(
    inputs: Readonly<Record<string, ExportSpec>>,
    { dynamic, multipleOf }: Omit<DynamicExtent, 'sizes'>,
  ) {
    this.#dynamic = dynamic;
    const [name, { shape }] = Object.entries(inputs).find(([, spec]) =>
      spec.shape.includes(dynamic),
    )!;
    const axis = shape.indexOf(dynamic);
    this.#size = `${dynamic}/size`;
    const extent = multipleOf === 1 ? this.#size : `${dynamic}/extent`;
    const range = { start: axis, end: axis + 1 };
    this.#graph.add('Shape', [names.input(name)], [extent], range);
    if (multipleOf === 1) return;
    const divisor = this.#integers(`${dynamic}/multipleOf`, [multipleOf]);
    this.#graph.add('Div', [extent, divisor], [this.#size]);
  }

  /** Adds what has been defined to a graph. */
  addTo({ nodes, constants }: Graph): void {
    nodes.unshift(...this.#graph.nodes);
    constants.push(...this.#graph.constants);
  }

  /** Computes a constant under its own name. */
  define(versions: readonly Constant[], sizes: readonly number[]): void {
    const [{ name, type, shape }] = versions as [Constant];
    const [offsets, slopes] = this.#line(versions, sizes);
    const integers = (part: string, values: readonly number[]) =>
      this.#integers(`${name}/${part}`, values);
    const [offset, slope] = [integers('offset', offsets), integers('slope', slopes)];
    const [scaled, wide, typed] = ['scaled', 'wide', 'typed'].map((part) => `${name}/${part}`);
    this.#graph.add('Mul', [slope, this.#size], [scaled!]);
    this.#graph.add('Add', [offset, scaled!], [wide!]);
    this.#graph.add('Cast', [wide!], [typed!], { to: elementTypes[type] });
    this.#graph.add('Reshape', [typed!, integers('form', shape)], [name]);
  }

  #integers(name: string, values: readonly number[]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#graph.constants.push({ name, type: 'int64', shape: [values.length], bytes });
    return name;
  }

  /** Offsets and slopes, element by element. */
  #line(versions: readonly Constant[], sizes: readonly number[]): [number[], number[]] {
    const [{ type, shape }] = versions as [Constant];
    const isInteger = type === 'int32' || type === 'int64';
    const what = isInteger ? 'an integer' : `a ${type} constant`;
    if (!isInteger || versions.some((version) => version.shape.join() !== shape.join())) {
      throw DynamicShapeError.changing(this.#dynamic, `${what} of shape [${shape}] changes`);
    }
    const values = versions.map(integersOf);
    const run = sizes[1]! - sizes[0]!;
    const slopes = values[0]!.map((value, place) => (values[1]![place]! - value) / run);
    const offsets = values[0]!.map((value, place) => value - slopes[place]! * sizes[0]!);
    const isOnLine = values.every((version, index) =>
      version.every((value, place) => value === offsets[place]! + slopes[place]! * sizes[index]!),
    );
    if (!isOnLine || !slopes.every(Number.isInteger)) {
      throw DynamicShapeError.changing(this.#dynamic, `${what} does not grow linearly`);
    }
    return [offsets, slopes];
  }
}

function integersOf({ type, bytes }: Constant): number[] {
  const { buffer, byteOffset, byteLength } = bytes.slice();
  if (type === 'int32') return [...new Int32Array(buffer, byteOffset, byteLength / 4)];
  return Array.from(new BigInt64Array(buffer, byteOffset, byteLength / 8), Number);
}
