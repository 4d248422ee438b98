import '@rodpo/testing/tfjs';
import type { StepFunction } from '@rodpo/compile';
import {
  type FeatureTable,
  type Hm4srSettings,
  hm4srEncoder,
  type SequenceEncoder,
  type TransformerSettings,
  transformerEncoder,
} from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { engines } from './engines.ts';

const itemCount = 12;
const sizes = { itemCount, maxLength: 6, dimension: 4, blockCount: 1, headCount: 2 };
const experts = { expertCount: 3, activeCount: 1, width: 6 };
const vectors = { image: 3, text: 5 };
const times = { intervalCount: 4 };

const transformers: readonly (readonly [string, Partial<TransformerSettings>])[] = [
  ['defaults', {}],
  ['one head', { headCount: 1 }],
  ...(['post', 'pre'] as const).flatMap((norm) =>
    (['learned', 'intervals'] as const).flatMap((positions) =>
      [null, experts, { ...experts, expertCount: 1 }].map(
        (mixture) =>
          [
            `${norm}, ${positions}, ${mixture?.expertCount ?? 'no'} experts`,
            { norm, positions, experts: mixture, ...(positions === 'intervals' ? times : {}) },
          ] as const,
      ),
    ),
  ),
  ...(['early', 'gated', 'late'] as const).flatMap((fusion) =>
    [
      { id: true, vectors },
      { id: false, vectors },
      { id: false, vectors: { text: 5 } },
      { id: true, vectors: {} },
    ].map((streams) => [`${fusion}, ${JSON.stringify(streams)}`, { fusion, streams }] as const),
  ),
  ['sigmoid experts that share and are biased', { experts: { ...experts, activeCount: 2, sharedWidth: 2, biasRate: 0.1 } }], // biome-ignore format: one line
];

const presets: readonly (readonly [string, Partial<Hm4srSettings>])[] = [
  ['ids alone, with its defaults', { vectors: {} }],
  ['ids alone, no times', { vectors: {}, temporal: null }],
  ['ids alone, no losses', { vectors: {}, temporal: null, losses: { idContrast: null } }],
  ['ids alone, one expert', { vectors: {}, alignment: { expertCount: 1 }, temporal: { ...times, expertCount: 1 } }], // biome-ignore format: one line
  ['one modality', { vectors: { text: 5 } }],
  ['two modalities', { vectors }],
  ['two modalities, sparse, no times', { vectors, alignment: { activeCount: 1 }, temporal: null }],
  ['categories', { vectors, losses: { categories: { count: 2 } } }],
];

const encoders: readonly (readonly [string, SequenceEncoder])[] = [
  ...transformers.map(([name, settings]) => [`transformer: ${name}`, transformerEncoder({ ...sizes, ...settings })] as const), // biome-ignore format: one line
  ...presets.map(([name, settings]) => [`hm4sr: ${name}`, hm4srEncoder({ ...sizes, temporal: times, vectors: {}, ...settings })] as const), // biome-ignore format: one line
];

describe.each(engines)('%s', (_, make) => {
  test.each(encoders)('one step trains every parameter of %s', async (_, encoder) => {
    const initial = encoder.initialize(gaussianRandom(seededRandom(3)));
    const trained = Object.keys(initial).filter((name) => !encoder.untrained.includes(name));
    const program = await make(stepOf(encoder, trained), { inputs: {}, state: initial });
    const outputs = await program.run({}, { seed: 1, step: 0 });
    const state = await program.state();
    await program.dispose();

    expect(Number.isFinite(outputs.loss![0])).toBe(true);
    expect(Object.keys(outputs).length).toBe(trained.length + 1);
    for (const name of trained) {
      expect(outputs[name]!.length, name).toBe(initial[name]!.data.length);
      expect(outputs[name]!.every(Number.isFinite), name).toBe(true);
      expect(state[name]!.data.every(Number.isFinite), name).toBe(true);
    }
    // Most must move: keys' biases, say, have a gradient of 0 by nature.
    const moved = trained.filter((name) => outputs[name]!.some((slope) => slope !== 0));
    expect(moved.length).toBeGreaterThan(trained.length / 2);
    expect(moved).toContain(trained.find((name) => /items|kernel/.test(name)));
  });
});

/** Loss and gradients of one batch, and plain descent by them. */
function stepOf(encoder: SequenceEncoder, trained: readonly string[]): StepFunction {
  return ({ state, uniform }) => {
    const loss = (...weights: tf.Tensor[]) => {
      const named = Object.fromEntries(trained.map((name, index) => [name, weights[index]!]));
      const parameters = { ...state, ...named };
      const items = encoder.itemVectors(parameters, features());
      const options = { rowLength: 6, dropout: 0.2, uniform, features: features() };
      const targets = ints(3, 5, 7, 2, 4, 0);
      const encoded = encoder.encode(parameters, items, tokens(), { ...options, targets });
      const scores = tf.matMul(encoded.vectors, items, false, true);
      const fit = tf.neg(tf.mean(tf.logSoftmax(scores)));
      return encoded.auxiliaryLoss ? tf.add(fit, encoded.auxiliaryLoss) : fit;
    };
    const { value, grads } = tf.valueAndGrads(loss)(trained.map((name) => state[name]!));
    const named = trained.map((name, index) => [name, grads[index]!] as const);
    return {
      outputs: { loss: value, ...Object.fromEntries(named) },
      state: Object.fromEntries(
        named.map(([name, slope]) => [name, tf.sub(state[name]!, tf.mul(0.1, slope))]),
      ),
    };
  };
}

const ints = (...values: number[]) => tf.tensor1d(values, 'int32');

/** Two sequences and a cell of padding. */
const tokens = () => ({
  items: ints(1, 3, 5, 8, 2, 0),
  positions: ints(0, 1, 2, 0, 1, 0),
  segments: ints(1, 1, 1, 2, 2, 0),
  intervals: ints(0, 2, 3, 0, 1, 0),
  times: tf.tensor1d([0.1, 0.2, 0.3, 0.5, 0.9, 0]),
});

const features = (): FeatureTable => ({
  image: { vectors: wave(3), present: some() },
  text: { vectors: wave(5), present: some() },
  categories: { vectors: tf.oneHot(tf.mod(tf.range(0, itemCount, 1, "int32"), tf.scalar(2, "int32")) as tf.Tensor1D, 2, 1, 0, 'float32') as tf.Tensor2D, present: some() }, // biome-ignore format: one line
});

const wave = (width: number) =>
  tf.tensor2d(Float32Array.from({ length: itemCount * width }, (_, at) => Math.sin(at)), [itemCount, width]); // biome-ignore format: one line

/** Every third item has nothing. */
const some = () =>
  tf.tensor1d(Array.from({ length: itemCount }, (_, item) => Number(item % 3 > 0)));
