import protobuf from 'protobufjs';

/** A constant of a graph: float32, or int64 if its values are bigints. */
export interface Constant {
  readonly shape: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

/** A node: operator, inputs, output, and attributes that are all integers. */
export type Node = readonly [
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes?: Readonly<Record<string, number | readonly number[]>>,
];

export interface Graph {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly constants: Readonly<Record<string, Constant>>;
  readonly nodes: readonly Node[];
}

interface Value {
  readonly name: string;
  readonly type: 'float32' | 'int64';
  readonly shape: readonly (number | string)[];
}

const elementTypes = { float32: 1, int64: 7 };

/** The part of the format that the tests write (onnx.proto). */
const messages = protobuf.Root.fromJSON({
  nested: {
    Model: message({ irVersion: 'int64 1', graph: 'Graph 7', opsetImport: 'Opset[] 8' }),
    Opset: message({ domain: 'string 1', version: 'int64 2' }),
    Graph: message({
      node: 'Node[] 1',
      name: 'string 2',
      initializer: 'Constant[] 5',
      input: 'Value[] 11',
      output: 'Value[] 12',
    }),
    Node: message({
      input: 'string[] 1',
      output: 'string[] 2',
      opType: 'string 4',
      attribute: 'Attribute[] 5',
    }),
    Attribute: message({ name: 'string 1', i: 'int64 3', ints: 'int64[] 8', type: 'int32 20' }),
    Constant: message({
      dims: 'int64[] 1',
      dataType: 'int32 2',
      name: 'string 8',
      rawData: 'bytes 9',
    }),
    Value: message({ name: 'string 1', type: 'Type 2' }),
    Type: message({ tensorType: 'TensorType 1' }),
    TensorType: message({ elemType: 'int32 1', shape: 'Shape 2' }),
    Shape: message({ dim: 'Dimension[] 1' }),
    Dimension: message({ dimValue: 'int64 1', dimParam: 'string 2' }),
  },
});

/** Fields as `type id`, repeated ones as `type[] id`. */
function message(fields: Record<string, string>): protobuf.IType {
  const entries = Object.entries(fields).map(([name, field]) => {
    const [type, id] = field.split(' ') as [string, string];
    const plain = { type: type.replace('[]', ''), id: Number(id) };
    return [name, type.endsWith('[]') ? { ...plain, rule: 'repeated' } : plain];
  });
  return { fields: Object.fromEntries(entries) };
}

/** An ONNX file of opset 13 and format 8, which onnxruntime has read since 1.10. */
export function onnxFile({ inputs, outputs, constants, nodes }: Graph): Uint8Array {
  const model = messages.lookupType('Model');
  const graph = {
    name: 'test',
    node: nodes.map(nodeMessage),
    initializer: Object.entries(constants).map(constantMessage),
    input: inputs.map(valueMessage),
    output: outputs.map(valueMessage),
  };
  const opsetImport = [{ domain: '', version: 13 }];
  return model.encode(model.create({ irVersion: 8, graph, opsetImport })).finish();
}

function nodeMessage([opType, input, output, attributes = {}]: Node): object {
  const attribute = Object.entries(attributes).map(([name, value]) =>
    typeof value === 'number' ? { name, i: value, type: 2 } : { name, ints: value, type: 7 },
  );
  return { opType, input, output: [output], attribute };
}

function constantMessage([name, { shape, values }]: [string, Constant]): object {
  const dataType = values instanceof Float32Array ? elementTypes.float32 : elementTypes.int64;
  return { name, dataType, dims: shape, rawData: new Uint8Array(values.buffer) };
}

function valueMessage({ name, type, shape }: Value): object {
  const dim = shape.map((extent) =>
    typeof extent === 'string' ? { dimParam: extent } : { dimValue: extent },
  );
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}
