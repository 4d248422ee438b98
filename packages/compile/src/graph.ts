import type { DType } from './program.ts';

/**
 * Element types a graph may hold: tfjs's three, int64 for ONNX's shape and index operands, float64
 * for exact quotients of int32, uint32 for random bits, and float16 for weights in half the bytes.
 */
export type OnnxType = DType | 'int64' | 'float64' | 'uint32' | 'float16';

export type Attribute = number | string | readonly number[] | Graph | { readonly float: number };

export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** An extent: a number, the name of one that is known at run time only, or null if unknown. */
export type Extent = number | string | null;

export interface GraphValue {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly Extent[];
}

export interface Constant extends GraphValue {
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface GraphOptions {
  /**
   * Whether the graph must not depend on how large its inputs are, nor on what runs it: constants
   * stay apart, and work is not cut into pieces of one runtime's size. Default: false.
   */
  readonly isPortable?: boolean;
}

/** What a graph is made of. */
export interface GraphParts {
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly constants: readonly Constant[];
}

/** An ONNX graph under construction. Subgraphs see their parent's values by name. */
export class Graph {
  readonly isPortable: boolean;
  readonly nodes: GraphNode[] = [];
  readonly inputs: GraphValue[] = [];
  readonly outputs: GraphValue[] = [];
  readonly constants: Constant[] = [];
  readonly #root: Graph;
  readonly #constantNames = new Map<string, string>();
  #nameCount = 0;

  constructor(parent?: Graph, { isPortable = parent?.isPortable ?? false }: GraphOptions = {}) {
    this.#root = parent ? parent.#root : this;
    this.isPortable = isPortable;
  }

  /** A graph of its own, made of parts of others. */
  static of({ nodes, inputs, outputs, constants }: GraphParts): Graph {
    const graph = new Graph();
    graph.nodes.push(...nodes);
    graph.inputs.push(...inputs);
    graph.outputs.push(...outputs);
    graph.constants.push(...constants);
    return graph;
  }

  /** A name no other value of this graph or its relatives has. */
  freshName(): string {
    return `v${this.#root.#nameCount++}`;
  }

  add(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    this.nodes.push({ operator, inputs, outputs, attributes });
  }

  /** Adds a node with one output and returns that output's name. */
  apply(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    const output = this.freshName();
    this.add(operator, inputs, [output], attributes);
    return output;
  }

  /**
   * Names a constant. It lives in the outermost graph, so every subgraph can see it whichever
   * used it first; small ones are shared.
   */
  constant(type: OnnxType, shape: readonly number[], bytes: Uint8Array): string {
    const root = this.#root;
    const isShared = !root.isPortable && bytes.length <= 64;
    const key = isShared ? `${type}[${shape}]${bytes}` : undefined;
    const known = key === undefined ? undefined : root.#constantNames.get(key);
    if (known !== undefined) return known;
    const name = root.freshName();
    root.constants.push({ name, type, shape, bytes });
    if (key !== undefined) root.#constantNames.set(key, name);
    return name;
  }

  /** A one-dimensional int64 constant: ONNX's form for shapes, axes and bounds. */
  integers(values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    return this.constant('int64', [values.length], new Uint8Array(data.buffer));
  }

  scalar(type: DType, value: number): string {
    const data =
      type === 'float32'
        ? Float32Array.of(value)
        : type === 'int32'
          ? Int32Array.of(value)
          : Uint8Array.of(value);
    return this.constant(type, [], new Uint8Array(data.buffer));
  }
}
