import '@rodpo/testing/tfjs';
import { exportOnnx } from '@rodpo/compile';
import * as tf from '@tensorflow/tfjs-core';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';

/** The fields that the README lists, as https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has them. */
const { root } = protobuf.parse(
  `
  syntax = "proto3";
  message Model {
    int64 ir_version = 1;
    string producer_name = 2;
    Graph graph = 7;
    repeated Opset opset_import = 8;
  }
  message Opset { string domain = 1; int64 version = 2; }
  message Graph {
    repeated Node node = 1;
    string name = 2;
    repeated Constant initializer = 5;
    repeated Value input = 11;
    repeated Value output = 12;
  }
  message Node { repeated string output = 2; string name = 3; string op_type = 4; string domain = 7; }
  message Constant { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
  message Value { string name = 1; Type type = 2; }
  message Type { Tensor tensor_type = 1; }
  message Tensor { int32 elem_type = 1; Shape shape = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
`,
  { keepCase: true },
);

interface Model {
  readonly graph: {
    readonly name: string;
    readonly node: readonly {
      readonly output: readonly string[];
      readonly name: string;
      readonly op_type: string;
      readonly domain?: string;
    }[];
    readonly initializer: readonly { readonly name: string }[];
    readonly input: readonly unknown[];
    readonly output: readonly unknown[];
  };
}

function decoded(model: Uint8Array): Model {
  const type = root.lookupType('Model');
  return type.toObject(type.decode(model), { longs: Number, bytes: Array }) as unknown as Model;
}

test('an exported model has the fields that the README lists', () => {
  const { graph, ...model } = decoded(
    exportOnnx(
      ({ inputs, state }) => {
        const rows = tf.reshape(inputs.items, [-1, 4]);
        const kept = tf.mul(tf.gather(state.prices!, rows), tf.cast(inputs.mask, 'float32'));
        return { outputs: { kept, weights: tf.neg(state.weights!), scaled: inputs.scale } };
      },
      {
        inputs: {
          items: { shape: ['tokens'], dtype: 'int32' },
          mask: { shape: [4], dtype: 'bool' },
          scale: { shape: ['tokens', 2], dtype: 'float32' },
        },
        state: {
          prices: { shape: [3], data: Float32Array.of(1, 2, 0.5) },
          weights: { shape: [1], data: Int32Array.of(-2) },
        },
        multipleOf: 4,
      },
    ),
  );

  const value = (name: string, elementType: number, dim: object[]) => ({
    name,
    type: { tensor_type: { elem_type: elementType, shape: dim.length > 0 ? { dim } : {} } },
  });
  const [float, int32, bool] = [1, 6, 9]; // TensorProto.DataType
  expect(model).toEqual({
    ir_version: 10,
    producer_name: 'rodpo',
    opset_import: [{ version: 20 }], // without a domain: the default one
  });
  expect(graph.name).toBe('rodpo');
  expect(graph.input).toEqual([
    value('items', int32!, [{ dim_param: 'tokens' }]),
    value('mask', bool!, [{ dim_value: 4 }]),
    value('scale', float!, [{ dim_param: 'tokens' }, { dim_value: 2 }]),
  ]);
  expect(graph.output).toEqual([
    value('kept', float!, [{}, { dim_value: 4 }]), // rows: neither a number nor the extent itself
    value('weights', int32!, [{ dim_value: 1 }]),
    value('scaled', float!, [{ dim_param: 'tokens' }, { dim_value: 2 }]),
  ]);
  const weights = graph.initializer.filter(({ name }) => !/^v|\/|^_/.test(name));
  expect(weights).toEqual([
    {
      name: 'prices',
      dims: [3],
      data_type: float,
      raw_data: [0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 0, 63],
    },
  ]);
  expect(graph.initializer).toContainEqual(
    // An output has its name.
    { name: 'state/weights', dims: [1], data_type: int32, raw_data: [254, 255, 255, 255] },
  );
  for (const { name, op_type: operator, output, domain } of graph.node) {
    expect([name, domain]).toEqual([`${operator}_${output[0]}`, undefined]);
  }
});
