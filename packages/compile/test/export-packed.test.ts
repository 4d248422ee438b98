import '@rodpo/testing/tfjs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DynamicShapeError,
  type ExportOptions,
  eager,
  exportOnnx,
  groupedLinear,
  type StepContext,
  type StepFunction,
  type TypedArray,
} from '@rodpo/compile';
import { transformerEncoder } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const [itemCount, rowLength] = [300, 10];
const shape = { itemCount, maxLength: rowLength, dimension: 16, blockCount: 2, headCount: 2 };
const encoders = {
  'the transformer': transformerEncoder(shape),
  'a mixture of experts': transformerEncoder({
    ...shape,
    experts: { expertCount: 4, activeCount: 2, width: 16 },
  }),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rodpo-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Items of rows of histories: how long each is, is drawn. */
function packedRows(tokens: number, seed: number): Record<string, Int32Array> {
  const random = seededRandom(seed);
  const items = Int32Array.from({ length: tokens }, () => Math.floor(itemCount * random()));
  const [positions, segments] = [new Int32Array(tokens), new Int32Array(tokens)];
  for (let token = 0; token < tokens; token++) {
    const isFirst = token % rowLength === 0;
    const goesOn = !isFirst && random() < 0.7;
    positions[token] = goesOn ? positions[token - 1]! + 1 : 0;
    segments[token] = isFirst ? 1 : segments[token - 1]! + (goesOn ? 0 : 1);
  }
  return { items, positions, segments };
}

/** The step at one size, op by op, and the exported file on onnxruntime. */
async function both(
  file: string,
  step: StepFunction,
  { inputs, state = {} }: ExportOptions,
  given: { readonly size: number; readonly arrays: Record<string, TypedArray> },
) {
  const sized = Object.entries(inputs).map(([name, { dtype, shape }]) => {
    const extents = shape.map((extent) => (typeof extent === 'string' ? given.size : extent));
    return [name, { dtype, shape: extents }] as const;
  });
  const program = await eager(step, { inputs: Object.fromEntries(sized), state });
  const expected = await program.run(given.arrays);
  await program.dispose();
  const session = await InferenceSession.create(file);
  const feeds = sized.map(([name, spec]) => {
    return [name, new Tensor(spec.dtype, given.arrays[name]!, spec.shape)] as const;
  });
  const found = await session.run(Object.fromEntries(feeds));
  await session.release();
  return { expected, found };
}

describe.each(Object.entries(encoders))('%s, exported', (name, encoder) => {
  const normal = gaussianRandom(seededRandom(1));
  const state = encoder.initialize(() => 5 * normal());

  const encode = ({ state, uniform }: StepContext, tokens: Record<string, tf.Tensor>) => {
    const { items, positions, segments } = tokens as Record<
      'items' | 'positions' | 'segments',
      tf.Tensor
    >;
    const table = encoder.itemVectors(state, {});
    const options = { rowLength, dropout: 0, uniform, groupedLinear };
    return encoder.encode(state, table, { items, positions, segments }, options).vectors;
  };

  test.each([1, 7, 64])('by rows of one history each, at batch %i', async (batch) => {
    const step: StepFunction = (context) => {
      const items = context.inputs.items!;
      const flat = tf.reshape(items, [-1]);
      const places = tf.expandDims(tf.range(0, rowLength, 1, 'int32'), 0);
      const positions = tf.reshape(tf.add(tf.zerosLike(items), places), [-1]);
      const vectors = encode(context, { items: flat, positions, segments: tf.onesLike(flat) });
      const rows = tf.reshape(vectors, [-1, rowLength, encoder.width]);
      const last = tf.slice(rows, [0, rowLength - 1, 0], [-1, 1, -1]);
      return { outputs: { users: tf.squeeze(last, [1]) } };
    };
    const options = {
      inputs: { items: { shape: ['batch', rowLength], dtype: 'int32' } },
      state,
    } as const;
    const file = join(folder, `${name}-batch.onnx`);
    await writeFile(file, exportOnnx(step, options));
    const { items } = packedRows(batch * rowLength, batch);
    const { expected, found } = await both(file, step, options, {
      size: batch,
      arrays: { items: items! },
    });

    expect(found.users!.dims).toEqual([batch, encoder.width]);
    // Two blocks of float32 sums in another order, on vectors of order 1.
    expectAllClose(found.users!.data as Float32Array, expected.users!, {
      relative: 1e-4,
      absolute: 1e-4,
    });
  });

  const packed: StepFunction = (context) => {
    const vectors = encode(context, context.inputs);
    return { outputs: { vectors, rows: tf.range(0, vectors.shape[0] / rowLength, 1, 'int32') } };
  };
  const tokens = { shape: ['tokens'], dtype: 'int32' } as const;
  const options = {
    inputs: { items: tokens, positions: tokens, segments: tokens },
    state,
    multipleOf: rowLength,
  };

  test.each([1, 3, 40])('by packed tokens, at %i rows', async (rows) => {
    const file = join(folder, `${name}-tokens.onnx`);
    await writeFile(file, exportOnnx(packed, options));
    const size = rows * rowLength;
    const arrays = packedRows(size, rows);
    const { expected, found } = await both(file, packed, options, { size, arrays });

    expect(found.vectors!.dims).toEqual([size, encoder.width]);
    expectAllClose(found.vectors!.data as Float32Array, expected.vectors!, {
      relative: 1e-4,
      absolute: 1e-4,
    });
    expect([...(found.rows!.data as Int32Array)]).toEqual([...expected.rows!]);
  });

  test('packed tokens that fill no whole row fail, as they do in the step', async () => {
    const session = await InferenceSession.create(exportOnnx(packed, options), {
      logSeverityLevel: 4,
    });
    const feeds = Object.entries(packedRows(14, 1)).map(([name, data]) => {
      return [name, new Tensor('int32', data, [14])] as const;
    });

    await expect(session.run(Object.fromEntries(feeds))).rejects.toThrow(/Reshape/);
    await session.release();
  });

  test('packed tokens are refused until it is said what they are a multiple of', () => {
    const { multipleOf, ...without } = options;

    expect(() => exportOnnx(packed, without)).toThrow(DynamicShapeError);
    expect(() => exportOnnx(packed, without)).toThrow(
      `The step cannot be exported with a dynamic 'tokens': it fails where 'tokens' is 97 ` +
        `("rowLength must divide the 97 tokens, got ${multipleOf}"). If it takes multiples of a ` +
        'number only, as packed rows do, give that number as multipleOf; otherwise let it take ' +
        'any size, or export with a fixed extent.',
    );
    expect(() => exportOnnx(packed, { ...options, multipleOf: 2.5 })).toThrow(
      'multipleOf must be a positive integer, got 2.5',
    );
  });
});
