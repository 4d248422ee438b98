import '@rodpo/testing/tfjs';
import {
  type FeatureTable,
  hm4srEncoder,
  type Parameters,
  type SequenceEncoder,
  transformerEncoder,
} from '@rodpo/encoder';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { makeFeatures } from './features.ts';
import { makeParameters } from './model.ts';
import { shape } from './variants.ts';

const vectors = { text: 5, image: 3 };
const tolerance = { absolute: 1e-5, relative: 1e-5 };

/** Of a new item only the mean row is known. */
function withMeanRow(parameters: Parameters): Parameters {
  return { ...parameters, items: tf.mean(parameters.items!, 0, true) };
}

/** Item `item` of the features, `count` times over. */
function repeated(item: number, count: number): FeatureTable {
  return Object.fromEntries(
    Object.entries(makeFeatures()).map(([name, known]) => [
      name,
      {
        vectors: tf.tile(tf.slice(known.vectors, item, 1), [count, 1]),
        present: tf.tile(tf.slice(known.present, item, 1), [count]),
      },
    ]),
  );
}

const encoders: readonly (readonly [string, SequenceEncoder])[] = [
  ['early', transformerEncoder({ ...shape, streams: { id: true, vectors }, fusion: 'early' })],
  ['late', transformerEncoder({ ...shape, streams: { id: true, vectors }, fusion: 'late' })],
  ['HM4SR', hm4srEncoder({ ...shape, vectors, temporal: { intervalCount: 6 } })],
];

describe.each(encoders)('%s', (_, encoder) => {
  test('a new item is the mean of what its features are under every trained id', () => {
    const parameters = makeParameters(encoder);
    for (const item of [0, 1, 5]) {
      const known = encoder.itemVectors(parameters, repeated(item, 20));
      const found = encoder.newItems!.vectors(withMeanRow(parameters), repeated(item, 2));

      expect(encoder.newItems!.modalities).toEqual(['image', 'text']);
      expect(found.shape).toEqual([2, encoder.width]);
      const mean = tf.mean(known, 0).dataSync();
      expectAllClose(found.dataSync(), [...mean, ...mean], tolerance);
    }
  });
});

test('gated: the id is what a new item does not have, whatever the rows are', () => {
  const streams = { id: true, vectors };
  const encoder = transformerEncoder({ ...shape, streams, fusion: 'gated' });
  const parameters = makeParameters(encoder);
  const features = makeFeatures();
  const found = encoder.newItems!.vectors(withMeanRow(parameters), features).arraySync();

  const value = (name: string) => parameters[name]!.arraySync() as number[][];
  const bias = (name: string) => parameters[name]!.dataSync();
  const [gates, gateBias] = [value('fusion.kernel'), bias('fusion.bias')];
  for (const item of [0, 1, 3, 5]) {
    const parts = (['image', 'text'] as const).map((name) => {
      const row = features[name].vectors.arraySync()[item]!;
      const isThere = features[name].present.dataSync()[item] === 1;
      const linear = Array.from(
        bias(`${name}.bias`),
        (start, at) =>
          start +
          row.reduce((sum, own, from) => sum + own * value(`${name}.kernel`)[from]![at]!, 0),
      );
      return { isThere, vector: isThere ? linear : linear.map(() => 0) };
    });
    // The id's stream comes first, and is zeros.
    const side = [...new Array(8).fill(0), ...parts.flatMap(({ vector }) => vector)];
    const weights = parts.map(({ isThere }, place) => {
      const logit = side.reduce(
        (sum, own, from) => sum + own * gates[from]![place + 1]!,
        gateBias[place + 1]!,
      );
      return isThere ? Math.exp(logit) : 0;
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const expected = Array.from({ length: 8 }, (_, at) =>
      total === 0
        ? 0
        : parts.reduce(
            (sum, { vector }, place) => sum + (weights[place]! / total) * vector[at]!,
            0,
          ),
    );
    expectAllClose(found[item]!, expected, tolerance);
  }
});

test.each(['early', 'gated', 'late'] as const)(
  '%s without ids: known and new are alike',
  (fusion) => {
    const encoder = transformerEncoder({ ...shape, streams: { id: false, vectors }, fusion });
    const parameters = makeParameters(encoder);

    expect(encoder.newItems!.vectors(parameters, makeFeatures()).dataSync()).toEqual(
      encoder.itemVectors(parameters, makeFeatures()).dataSync(),
    );
  },
);

test('ids alone say nothing of a new item', () => {
  expect(transformerEncoder(shape).newItems).toBeUndefined();
  expect(transformerEncoder({ ...shape, streams: { id: true, vectors: {} } })).not.toHaveProperty(
    'newItems',
  );
});

test('vectors of new items leave only themselves behind, and missing features are named', () => {
  const streams = { id: true, vectors };
  for (const fusion of ['early', 'gated', 'late'] as const) {
    const encoder = transformerEncoder({ ...shape, streams, fusion });
    const [parameters, features] = [withMeanRow(makeParameters(encoder)), makeFeatures()];
    const before = tf.memory().numTensors;
    encoder.newItems!.vectors(parameters, features);

    expect(tf.memory().numTensors).toBe(before + 1);
    expect(() => encoder.newItems!.vectors(parameters, { text: features.text! })).toThrow(
      "The encoder reads 'image', but no features of it came.",
    );
  }
});
