import '@rodpo/testing/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { makeFeatures } from './features.ts';
import { layOut } from './model.ts';
import { a, b, c } from './rows.ts';
import { testSequenceEncoder } from './sequence-encoder-contract.ts';
import { runVariant, variants } from './variants.ts';

describe.each(variants)('%s', (_, settings) => {
  const { encoder, parameters, run, encode } = runVariant(settings);

  test('items and users have the width that the encoder names', () => {
    const { items, vectors } = run(layOut([[a, b], [c]]));

    expect(items.shape).toEqual([20, encoder.width]);
    expect(vectors.shape).toEqual([16, encoder.width]);
  });

  testSequenceEncoder({ encode });

  test('every trained parameter gets a gradient, and no other', () => {
    const names = Object.keys(parameters).filter((name) => !encoder.untrained.includes(name));
    const tokens = layOut([
      [a, b],
      [[6, 8, 10, 15, 2], c],
    ]);
    const gradients = tf.grads((...tensors: tf.Tensor[]) => {
      const trained = Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
      const { vectors } = run(tokens, {}, { ...parameters, ...trained });
      const real = tf.cast(tf.greater(tokens.segments, 0), 'float32');
      const directions = tf.randomNormal(vectors.shape, 0, 1, 'float32', 1);
      return tf.sum(tf.mul(tf.mul(vectors, directions), tf.expandDims(real, 1)));
    })(names.map((name) => parameters[name]!));

    for (const [index, name] of names.entries()) {
      const largest = Math.max(...gradients[index]!.dataSync().map(Math.abs));
      expect(largest, name).toBeGreaterThan(1e-6);
      expect(largest, name).toBeLessThan(1e6);
    }
  });

  test('it leaves only its results behind', () => {
    const [tokens, features] = [layOut([[a, b]]), makeFeatures()];
    const before = tf.memory().numTensors;
    const { items, vectors, auxiliaryLoss, statistics, updates } = run(tokens, { features });
    const results = [...Object.values(statistics), ...Object.values(updates)];
    // The table of ids alone is itself, not a copy.
    const isTable = items === parameters.items;
    const added = [vectors, auxiliaryLoss, ...results, ...(isTable ? [] : [items])];

    expect(tf.memory().numTensors).toBe(before + added.filter(Boolean).length);
  });
});
