import { createRequire } from 'node:module';
import { allocate } from '../../src/check-arrays.ts';
import { type Attribute, Graph } from '../../src/graph.ts';
import { encodeModel } from '../../src/onnx-model.ts';
import type { TensorSpec, TypedArray } from '../../src/program.ts';

interface NativeSession {
  loadModel(buffer: ArrayBufferLike, offset: number, length: number, options: object): void;
  run(feeds: object, fetches: object, options: object): Record<string, NativeTensor>;
  dispose(): void;
}

interface NativeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: TypedArray;
}

/**
 * What onnxruntime-node's public, asynchronous interface calls. It works synchronously, which tests
 * need that read a result with `dataSync`.
 */
const native = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js') as {
  binding: { InferenceSession: new () => NativeSession };
  initOrt(): void;
};

const sessionOptions = {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'disabled', // every node runs once: optimising takes longer than that
  interOpNumThreads: 1,
  intraOpNumThreads: 1,
  logSeverityLevel: 4,
};

/** Computes the value `name` of a graph without inputs, and checks its recorded type and shape. */
export function evaluate(graph: Graph, name: string, spec: TensorSpec): TypedArray {
  native.initOrt();
  const model = encodeModel(withOneOutput(graph, name, spec));
  const session = new native.binding.InferenceSession();
  try {
    session.loadModel(model.buffer, model.byteOffset, model.byteLength, sessionOptions);
    const { type, dims, data } = session.run({}, { [outputName]: null }, {})[outputName]!;
    const [got, recorded] = [`${type} [${dims}]`, `${spec.dtype} [${spec.shape}]`];
    if (got !== recorded) throw new Error(`Recorded as ${recorded}, but computed as ${got}.`);
    // onnxruntime gives an array of another kind for no values at all
    return data.length === 0 ? allocate(spec) : data;
  } finally {
    session.dispose();
  }
}

const outputName = 'output';

/** The part of a graph that one value needs. */
function withOneOutput(graph: Graph, name: string, { dtype, shape }: TensorSpec): Graph {
  const needed = new Set([name]);
  const nodes = graph.nodes.toReversed().filter(({ outputs, inputs, attributes }) => {
    if (!outputs.some((output) => needed.has(output))) return false;
    for (const input of [...inputs, ...readInBodies(attributes)]) needed.add(input);
    return true;
  });
  const part = new Graph();
  part.nodes.push(...nodes.reverse());
  part.constants.push(...graph.constants.filter((constant) => needed.has(constant.name)));
  part.add('Identity', [name], [outputName]); // the value itself may be a constant
  part.outputs.push({ name: outputName, type: dtype, shape });
  return part;
}

/** Every name that subgraphs read; those they make themselves are found nowhere else. */
function readInBodies(attributes: Readonly<Record<string, Attribute>>): string[] {
  return Object.values(attributes).flatMap((body) => {
    if (!(body instanceof Graph)) return [];
    const nested = body.nodes.flatMap((node) => [...node.inputs, ...readInBodies(node.attributes)]);
    return [...nested, ...body.outputs.map((output) => output.name)];
  });
}
