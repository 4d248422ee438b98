import protobuf from 'protobufjs';
import type { Attribute, Constant, Graph, GraphNode, GraphValue, OnnxType } from './graph.ts';

/** ONNX `TensorProto.DataType`. */
export const elementTypes: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
};

/** ONNX `AttributeProto.AttributeType`. */
const attributeTypes = { float: 1, int: 2, string: 3, graph: 5, ints: 7 };

const irVersion = 10;
const opsetVersion = 20;

/** The part of the ONNX format that we write (onnx.proto, ONNX IR version 10). */
const messages = protobuf.Root.fromJSON({
  nested: {
    Model: message({
      irVersion: ['int64', 1],
      producerName: ['string', 2],
      graph: ['Graph', 7],
      opsetImport: ['Opset', 8, 'repeated'],
    }),
    Opset: message({ domain: ['string', 1], version: ['int64', 2] }),
    Graph: message({
      node: ['Node', 1, 'repeated'],
      name: ['string', 2],
      initializer: ['TensorData', 5, 'repeated'],
      input: ['ValueInfo', 11, 'repeated'],
      output: ['ValueInfo', 12, 'repeated'],
    }),
    Node: message({
      input: ['string', 1, 'repeated'],
      output: ['string', 2, 'repeated'],
      name: ['string', 3],
      opType: ['string', 4],
      attribute: ['Attribute', 5, 'repeated'],
    }),
    Attribute: message({
      name: ['string', 1],
      f: ['float', 2],
      i: ['int64', 3],
      s: ['bytes', 4],
      g: ['Graph', 6],
      ints: ['int64', 8, 'repeated'],
      type: ['int32', 20],
    }),
    TensorData: message({
      dims: ['int64', 1, 'repeated'],
      dataType: ['int32', 2],
      name: ['string', 8],
      rawData: ['bytes', 9],
    }),
    ValueInfo: message({ name: ['string', 1], type: ['Type', 2] }),
    Type: message({ tensorType: ['TensorType', 1] }),
    TensorType: message({ elemType: ['int32', 1], shape: ['Shape', 2] }),
    Shape: message({ dim: ['Dimension', 1, 'repeated'] }),
    Dimension: message({ dimValue: ['int64', 1], dimParam: ['string', 2] }),
  },
});

type Field = readonly [type: string, id: number, rule?: 'repeated'];

function message(fields: Record<string, Field>): protobuf.IType {
  const entries = Object.entries(fields).map(([name, [type, id, rule]]) => [
    name,
    rule ? { type, id, rule } : { type, id },
  ]);
  return { fields: Object.fromEntries(entries) };
}

/** Serialises a graph as an ONNX model. */
export function encodeModel(graph: Graph): Uint8Array {
  const model = messages.lookupType('Model');
  return model
    .encode(
      model.create({
        irVersion,
        producerName: 'rodpo',
        graph: graphMessage(graph),
        opsetImport: [{ domain: '', version: opsetVersion }],
      }),
    )
    .finish();
}

/** A model of constants alone: written after another model, it adds them to it. */
export function encodeConstants(constants: readonly Constant[]): Uint8Array {
  const model = messages.lookupType('Model');
  return model
    .encode(model.create({ graph: { initializer: constants.map(tensorMessage) } }))
    .finish();
}

function graphMessage(graph: Graph): object {
  return {
    name: 'rodpo',
    node: graph.nodes.map(nodeMessage),
    initializer: graph.constants.map(tensorMessage),
    input: graph.inputs.map(valueMessage),
    output: graph.outputs.map(valueMessage),
  };
}

function nodeMessage(node: GraphNode): object {
  return {
    input: node.inputs,
    output: node.outputs,
    name: `${node.operator}_${node.outputs[0]}`,
    opType: node.operator,
    attribute: Object.entries(node.attributes).map(([name, value]) =>
      attributeMessage(name, value),
    ),
  };
}

function attributeMessage(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, i: value, type: attributeTypes.int };
  if (typeof value === 'string') {
    return { name, s: new TextEncoder().encode(value), type: attributeTypes.string };
  }
  if ('float' in value) return { name, f: value.float, type: attributeTypes.float };
  if ('nodes' in value) return { name, g: graphMessage(value), type: attributeTypes.graph };
  return { name, ints: value, type: attributeTypes.ints };
}

function tensorMessage({ name, type, shape, bytes }: Constant): object {
  return { name, dataType: elementTypes[type], dims: shape, rawData: bytes };
}

function valueMessage({ name, type, shape }: GraphValue): object {
  const dim = shape.map((extent) => {
    if (extent === null) return {};
    return typeof extent === 'string' ? { dimParam: extent } : { dimValue: extent };
  });
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}
