import { toHalf } from '@rodpo/files/bytes';
import { type Constant, Graph } from './graph.ts';
import { elementTypes } from './onnx-model.ts';
import { renamed } from './rewrite.ts';

/** The largest number of float16. */
const largest = 65_504;

/**
 * The same graph with weights of half the bytes: float16, which the graph makes float32 before it uses
 * them, so that it calculates as before. One that float16 cannot hold stays as it is, infinities included.
 *
 * @param weights names of constants
 */
export function withHalfWeights(graph: Graph, weights: ReadonlySet<string>): Graph {
  const isHalved = new Set(
    graph.constants.filter((constant) => weights.has(constant.name) && fits(constant)).map(nameOf),
  );
  const wide = (name: string) => (isHalved.has(name) ? `_/float32/${name}` : name);
  const { nodes, inputs, outputs } = renamed(graph, wide);
  const widened = [...isHalved].map((name) => ({
    operator: 'Cast',
    inputs: [name],
    outputs: [wide(name)],
    attributes: { to: elementTypes.float32 },
  }));
  const constants = graph.constants.map((constant) =>
    isHalved.has(constant.name) ? halved(constant) : constant,
  );
  return Graph.of({ nodes: [...widened, ...nodes], inputs, outputs, constants });
}

const nameOf = ({ name }: Constant) => name;

function fits({ type, bytes }: Constant): boolean {
  return type === 'float32' && floatsOf(bytes).every((value) => Math.abs(value) <= largest);
}

function halved({ name, shape, bytes }: Constant): Constant {
  const halves = toHalf('F16', floatsOf(bytes));
  return { name, shape, type: 'float16', bytes: new Uint8Array(halves.buffer) };
}

const floatsOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new Float32Array(buffer, byteOffset, byteLength / Float32Array.BYTES_PER_ELEMENT);
