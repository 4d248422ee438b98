import '@rodpo/testing/tfjs';
import {
  compile,
  DynamicShapeError,
  type ExportOptions,
  eager,
  exportOnnx,
  type StepFunction,
  UnsupportedKernelError,
} from '@rodpo/compile';
import type { NamedArray } from '@rodpo/files';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs';
import * as native from 'onnxruntime-node';
import { afterEach, describe, expect, test } from 'vitest';
import { type Feeds, runModel, runtimes } from './run-model.ts';

afterEach(() => {
  tf.disposeVariables();
});

/** The same step at the shapes of the feeds, op by op. */
async function reference(step: StepFunction, feeds: Feeds, state: Record<string, NamedArray> = {}) {
  const inputs = Object.entries(feeds).map(([name, { shape, data }]) => {
    const dtype = data instanceof Float32Array ? ('float32' as const) : ('int32' as const);
    return [name, { shape, dtype }] as const;
  });
  const program = await eager(step, { inputs: Object.fromEntries(inputs), state });
  const data = Object.entries(feeds).map(([name, feed]) => [name, feed.data] as const);
  return program.run(Object.fromEntries(data));
}

const normal = gaussianRandom(seededRandom(1));
const uniform = seededRandom(2);
const floats = (...shape: number[]): NamedArray => ({
  shape,
  data: Float32Array.from({ length: size(shape) }, normal),
});
const integers = (below: number, ...shape: number[]): NamedArray => ({
  shape,
  data: Int32Array.from({ length: size(shape) }, () => Math.floor(below * uniform())),
});
const size = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

/** A recommender in small: embeds a history, attends causally, scores every item. */
const weights = {
  items: floats(20, 8),
  query: floats(8, 8),
  key: floats(8, 8),
  value: floats(8, 8),
};

const recommend: StepFunction = ({ state, inputs }) => {
  const [batch, length] = inputs.history!.shape as [number, number];
  const embedded = tf.gather(state.items!, tf.reshape(inputs.history!, [batch * length]));
  const heads = (name: string) => {
    const projected = tf.matMul(embedded as tf.Tensor2D, state[name] as tf.Tensor2D);
    return tf.transpose(tf.reshape(projected, [batch, length, 2, 4]), [0, 2, 1, 3]);
  };
  const scores = tf.matMul(heads('query'), heads('key'), false, true);
  const places = tf.range(0, length, 1, 'int32');
  const isLater = tf.greater(tf.expandDims(places, 0), tf.expandDims(places, 1));
  const masked = tf.sub(scores, tf.mul(tf.cast(isLater, 'float32'), 1e9));
  const mixed = tf.matMul(tf.softmax(masked), heads('value'));
  const joined = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, 8]);
  const last = tf.reshape(tf.slice(joined, [0, length - 1, 0], [batch, 1, 8]), [batch, 8]);
  const ranked = tf.matMul(last, state.items as tf.Tensor2D, false, true);
  const best = tf.topk(ranked, 3);
  return { outputs: { scores: ranked, best: best.indices, rows: tf.range(0, batch, 1, 'int32') } };
};

describe.each(runtimes)('%s', (_, runtime) => {
  test.each([1, 2, 33, 97])('a model with a dynamic batch, at batch %i', async (batch) => {
    const model = exportOnnx(recommend, {
      inputs: { history: { shape: ['batch', 6], dtype: 'int32' } },
      state: weights,
    });
    const feeds = { history: integers(20, batch, 6) };
    const got = await runModel(runtime, model, feeds);
    const expected = await reference(recommend, feeds, weights);

    expect(got.scores!.shape).toEqual([batch, 20]);
    expect(got.best!.shape).toEqual([batch, 3]);
    // Weights from N(0, 1) make attention sharp: exp of scores near 20, known to 1e-5 or so.
    expectAllClose(got.scores!.data, expected.scores!, { relative: 1e-4, absolute: 1e-4 });
    expect([...got.best!.data]).toEqual([...expected.best!]);
    expect([...got.rows!.data]).toEqual([...expected.rows!]);
  });

  test('a fixed model', async () => {
    const inputs = { history: { shape: [4, 6], dtype: 'int32' } } as const;
    const model = exportOnnx(recommend, { inputs, state: weights });
    const feeds = { history: integers(20, 4, 6) };

    const expected = await reference(recommend, feeds, weights);
    const { scores } = await runModel(runtime, model, feeds);
    expectAllClose(scores!.data, expected.scores!, { relative: 1e-4, absolute: 1e-4 });
  });

  test('a model of layers, with the weights of its variables', async () => {
    const layers = tf.sequential({
      layers: [
        tf.layers.conv2d({ inputShape: [7, 6, 2], filters: 4, kernelSize: 3, padding: 'same' }),
        tf.layers.batchNormalization(),
        tf.layers.reLU(),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    const step: StepFunction = ({ inputs }) => ({
      outputs: { classes: layers.apply(inputs.images!, { training: false }) as tf.Tensor },
    });
    const inputs = { images: { shape: ['n', 7, 6, 2], dtype: 'float32' } } as const;
    const model = exportOnnx(step, { inputs });

    for (const batch of [1, 5]) {
      const feeds = { images: floats(batch, 7, 6, 2) };
      const expected = await reference(step, feeds);
      expectAllClose((await runModel(runtime, model, feeds)).classes!.data, expected.classes!);
    }
  });
});

test('inputs and outputs have the names and extents that were given', async () => {
  const model = exportOnnx(recommend, {
    inputs: { history: { shape: ['batch', 6], dtype: 'int32' } },
    state: weights,
  });
  const session = await native.InferenceSession.create(model);

  expect(session.inputMetadata).toMatchObject([{ name: 'history', shape: ['batch', 6] }]);
  expect(session.outputMetadata).toMatchObject([
    { name: 'scores', shape: ['batch', 20] },
    { name: 'best', shape: ['batch', 3] },
    { name: 'rows', shape: ['batch'] },
  ]);
});

test('names that the graph uses itself are no trouble', async () => {
  const step: StepFunction = ({ inputs, state }) => {
    const sum = tf.add(tf.mul(inputs.v0!, 2), state.v1!);
    return { outputs: { v2: tf.exp(sum), v3: inputs.v0! } };
  };
  const state = { v1: floats(2) };
  const inputs = { v0: { shape: ['v4', 2], dtype: 'float32' } } as const;
  const feeds = { v0: floats(3, 2) };
  const got = await runModel(native, exportOnnx(step, { inputs, state }), feeds);

  expectAllClose(got.v2!.data, (await reference(step, feeds, state)).v2!);
  expect([...got.v3!.data]).toEqual([...feeds.v0.data]);
});

test('an exported model computes what the compiled program does, bit for bit', async () => {
  const history = integers(20, 4, 6);
  const inputs = { history: { shape: [4, 6], dtype: 'int32' } } as const;
  const program = await compile(recommend, { inputs, state: weights });
  const model = exportOnnx(recommend, { inputs, state: weights });

  const compiled = await program.run({ history: history.data as Int32Array });
  expect((await runModel(native, model, { history })).scores!.data).toEqual(compiled.scores);
});

const dynamic = { inputs: { x: { shape: ['n', 2], dtype: 'float32' } } } as const;

test.each<[string, RegExp, StepFunction]>([
  [
    'a mean by hand',
    /a float32 constant of shape \[\] changes/,
    ({ inputs }) => ({ outputs: { y: tf.mul(tf.sum(inputs.x!), 1 / inputs.x!.shape[0]!) } }),
  ],
  [
    'an array of the size',
    /a float32 constant of shape \[97\] changes/,
    ({ inputs }) => {
      const ramp = tf.tensor1d(Float32Array.from({ length: inputs.x!.shape[0]! }, (_, i) => i));
      return { outputs: { y: tf.mul(inputs.x!, tf.expandDims(ramp, 1)) } };
    },
  ],
  [
    'a square of the size',
    /does not grow linearly/,
    ({ inputs }) => {
      const [n] = inputs.x!.shape as [number];
      return { outputs: { y: tf.fill([n * n], 1) } };
    },
  ],
  [
    'an unrolled loop over it',
    /it computes in different ways/,
    ({ inputs }) => ({ outputs: { y: tf.addN(tf.unstack(inputs.x!)) } }),
  ],
])('refuses %s with a dynamic extent', (_, message, step) => {
  expect(() => exportOnnx(step, dynamic)).toThrow(DynamicShapeError);
  expect(() => exportOnnx(step, dynamic)).toThrow(message);
});

test.each<[string, RegExp, StepFunction, ExportOptions]>([
  [
    'two dynamic extents',
    /^A model may have one dynamic extent, got 'n', 'm'/,
    ({ inputs }) => ({ outputs: { y: inputs.x! } }),
    { inputs: { x: { shape: ['n', 'm'], dtype: 'float32' } } },
  ],
  [
    'random numbers',
    /^The step draws random numbers/,
    ({ uniform }) => ({ outputs: { y: uniform([2]) } }),
    dynamic,
  ],
  [
    'new state',
    /^The step returns or assigns state \(w\)/,
    ({ state }) => ({ outputs: {}, state: { w: tf.add(state.w!, 1) } }),
    { ...dynamic, state: { w: floats(2) } },
  ],
  [
    'new variables',
    /^The step creates tf.Variables/,
    () => ({ outputs: { y: tf.variable(tf.ones([2])) } }),
    dynamic,
  ],
  [
    'an input and an output of one name',
    /^'x' names an input and an output/,
    ({ inputs }) => ({ outputs: { x: tf.add(inputs.x!, 1) } }),
    dynamic,
  ],
])('refuses %s', (_, message, step, options) => {
  expect(() => exportOnnx(step, options)).toThrow(TypeError);
  expect(() => exportOnnx(step, options)).toThrow(message);
});

test('names a kernel that cannot be exported', () => {
  const step: StepFunction = ({ inputs }) => ({ outputs: { y: tf.unique(inputs.x!).values } });

  expect(() => exportOnnx(step, dynamic)).toThrow(UnsupportedKernelError);
});
