import '@rodpo/testing/tfjs';
import { readFileSync } from 'node:fs';
import { type DenseFeatures, type FeatureTable, transformerEncoder } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { withSparse } from './features.ts';
import { never } from './model.ts';

interface GoldenCase {
  readonly norm: 'pre' | 'post';
  readonly fusion: 'early' | 'gated' | 'late';
  readonly streams: readonly string[];
  readonly positions: 'learned' | 'intervals';
  readonly items: number[];
  readonly hidden: number[];
  readonly gradients: Record<string, number[]>;
}

/** From PyTorch, by the script beside it. */
const golden = JSON.parse(readFileSync(new URL('golden/streams.json', import.meta.url), 'utf8'));
const cases: GoldenCase[] = golden.cases;
const widths: Record<string, number> = golden.widths;

/** The formula of every input, as in `sasrec.py`. */
function wave(shape: readonly number[], scale: number, phase: number, centre = 0): Float32Array {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return Float32Array.from({ length: size }, (_, i) => centre + scale * Math.sin(i * 0.7 + phase));
}

const weightedSum = (values: tf.Tensor) =>
  tf.sum(tf.mul(values, tf.tensor(wave(values.shape, 1, 0.5), values.shape))) as tf.Scalar;

function encoderOf({
  norm,
  fusion,
  streams,
  positions = 'learned',
}: Pick<GoldenCase, 'norm' | 'fusion' | 'streams'> & Partial<GoldenCase>) {
  const modalities = streams.filter((name) => name !== 'id');
  return transformerEncoder({
    itemCount: 7,
    maxLength: 5,
    dimension: 4,
    blockCount: 2,
    headCount: 2,
    norm,
    fusion,
    positions,
    intervalCount: golden.intervalCount,
    streams: {
      id: streams.includes('id'),
      vectors: Object.fromEntries(modalities.map((name) => [name, widths[name]!])),
    },
  });
}

/** The script's features; what stands in the rows of absent items is `filler`. */
function featuresOf(streams: readonly string[], filler?: number): Record<string, DenseFeatures> {
  const modalities = streams.filter((name) => name !== 'id');
  return Object.fromEntries(
    modalities.map((name) => {
      const width = widths[name]!;
      const present: number[] = golden.present[name];
      const values = wave([7, width], 1, 0.2 + width).map((value, index) =>
        present[Math.floor(index / width)] === 0 && filler !== undefined ? filler : value,
      );
      const vectors = tf.tensor2d(values, [7, width]);
      return [name, { vectors, present: tf.tensor1d(present, 'float32') }];
    }),
  );
}

const integers = (values: number[]) => tf.tensor1d(values, 'int32');
const tokens = {
  items: integers(golden.tokens.items),
  positions: integers(golden.tokens.positions),
  segments: integers(golden.tokens.segments),
  intervals: integers(golden.tokens.intervals),
};
const occupied = integers(
  golden.tokens.segments.flatMap((segment: number, cell: number) => (segment > 0 ? [cell] : [])),
);
const options = { rowLength: 6, dropout: 0, uniform: never };

describe.each(cases)('$streams, $fusion fusion, $norm-LN, $positions positions', (golden) => {
  const encoder = encoderOf(golden);
  const initial = encoder.initialize(() => 0);
  // Phases follow the order in which the script names the parameters.
  const names = Object.keys(golden.gradients);
  const weights = names.map((name, order) => {
    const { shape } = initial[name]!;
    return tf.tensor(wave(shape, 0.3, order, name.endsWith('.scale') ? 1 : 0), [...shape]);
  });
  const run = (tensors: tf.Tensor[], features: FeatureTable) => {
    const parameters = Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
    const items = encoder.itemVectors(parameters, features);
    const { vectors } = encoder.encode(parameters, items, tokens, options);
    return { items, hidden: tf.gather(vectors, occupied) };
  };

  test.each([
    ['dense', featuresOf(golden.streams)],
    ['sparse', withSparse(featuresOf(golden.streams))],
  ])('values and all gradients by %s features are as in PyTorch', (_, features) => {
    const { items, hidden } = run(weights, features);
    const gradients = tf.grads((...tensors) => {
      const result = run(tensors, features);
      return tf.add(weightedSum(result.hidden), weightedSum(result.items));
    })(weights);

    expect([...names].sort()).toEqual(Object.keys(initial).sort());
    expect(encoder.width).toBe(items.shape[1]);
    // float32 here, float64 there, over two blocks; outputs are about 1.
    const tolerance = { relative: 1e-4, absolute: 2e-5 };
    expectAllClose(items.dataSync(), golden.items, tolerance);
    expectAllClose(hidden.dataSync(), golden.hidden, tolerance);
    for (const [index, name] of names.entries()) {
      const expected = golden.gradients[name]!;
      // Layer norms of four numbers enlarge rounding: within 1e-4 of the largest gradient.
      const absolute = 1e-4 * Math.max(...expected.map(Math.abs));
      expectAllClose(gradients[index]!.dataSync(), expected, { relative: 1e-4, absolute });
    }
  });

  test('what stands in the place of an absent vector changes nothing', () => {
    const plain = run(weights, featuresOf(golden.streams));
    const filled = run(weights, featuresOf(golden.streams, 1e4));

    expect(filled.items.dataSync()).toEqual(plain.items.dataSync());
    expect(filled.hidden.dataSync()).toEqual(plain.hidden.dataSync());
  });

  test('items and tokens leave only their results behind', () => {
    const features = featuresOf(golden.streams);
    const parameters = Object.fromEntries(names.map((name, index) => [name, weights[index]!]));
    const before = tf.memory().numTensors;
    const items = encoder.itemVectors(parameters, features);
    const { vectors } = encoder.encode(parameters, items, tokens, options);
    // The table of ids alone is itself, not a copy.
    const isTable = items === parameters.items;

    expect(tf.memory().numTensors).toBe(before + (isTable ? 1 : 2));
    vectors.dispose();
  });
});

test('the order of modalities in the settings does not matter', () => {
  const draw = (names: string[]) =>
    encoderOf({ norm: 'post', fusion: 'early', streams: names }).initialize(
      gaussianRandom(seededRandom(1)),
    );

  expect(draw(['id', 'text', 'image'])).toEqual(draw(['image', 'id', 'text']));
});

test.each([
  ['nothing to know items by', { id: false, vectors: {} }, /streams must name something/],
  [
    'vectors without a width',
    { id: true, vectors: { text: 0 } },
    /text must be a positive integer/,
  ],
])('refuses %s', (_, streams, message) => {
  const shape = { itemCount: 7, maxLength: 5, dimension: 4, blockCount: 1, headCount: 2 };

  expect(() => transformerEncoder({ ...shape, streams })).toThrow(message);
});

test('features that did not come are named', () => {
  const encoder = encoderOf({ norm: 'post', fusion: 'early', streams: ['id', 'text'] });
  const parameters = Object.fromEntries(
    Object.entries(encoder.initialize(() => 0)).map(([name, { shape, data }]) => [
      name,
      tf.tensor(data, [...shape]),
    ]),
  );

  expect(() => encoder.itemVectors(parameters, {})).toThrow(
    new TypeError("The encoder reads 'text', but no features of it came."),
  );
});
