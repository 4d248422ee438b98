import './setup.ts';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { layOutTimed, makeFeatures, runVariant, variants } from './variants.ts';

const [a, b, c] = [
  [3, 7, 1, 12],
  [5, 5, 9],
  [19, 0],
];

/** Sums in another order: a few roundings of values of about 1. */
const tolerance = { relative: 1e-5, absolute: 1e-5 };

function expectRowsClose(actual: number[][], expected: number[][]) {
  expect(actual.length).toBe(expected.length);
  expectAllClose(actual.flat(), expected.flat(), tolerance);
}

function largestDifference(left: number[][], right: number[][]): number {
  return Math.max(
    ...left.flatMap((row, i) => row.map((value, j) => Math.abs(value - right[i]![j]!))),
  );
}

describe.each(variants)('%s', (_, settings) => {
  const { encoder, parameters, run, encode } = runVariant(settings);

  test('items and users have the width that the encoder names', () => {
    const { items, vectors } = run(layOutTimed([[a, b], [c]]));

    expect(items.shape).toEqual([20, encoder.width]);
    expect(vectors.shape).toEqual([16, encoder.width]);
  });

  test('a later item leaves earlier vectors unchanged', () => {
    const before = encode([[a, b]]);
    const after = encode([[[3, 7, 8, 12], b]]);

    expectRowsClose(after.slice(0, 2), before.slice(0, 2));
    for (const token of [2, 3]) {
      expect(largestDifference([after[token]!], [before[token]!])).toBeGreaterThan(1e-2);
    }
  });

  test('a sequence gives the same vectors wherever it lies, beside whatever', () => {
    const alone = encode([[b]]).slice(0, 3);

    expectRowsClose(encode([[a, b]]).slice(4, 7), alone);
    expectRowsClose(encode([[[11, 2, 0, 4], b]]).slice(4, 7), alone);
    expectRowsClose(encode([[5, b]]).slice(5, 8), alone);
    expectRowsClose(encode([[a], [c, b]]).slice(10, 13), alone);
  });

  test('permuted rows give permuted vectors', () => {
    const together = encode([[a, b], [c, a]]); // biome-ignore format: rows
    const swapped = encode([[c, a], [a, b]]); // biome-ignore format: rows

    expectRowsClose(swapped, [...together.slice(8), ...together.slice(0, 8)]);
  });

  test('eight rows at once give what eight calls give', () => {
    const rows = [[a, b], [c, a], [b, c], [[4]], [c], [b, a], [a], [c, c, c]]; // biome-ignore format: rows

    expectRowsClose(
      encode(rows),
      rows.flatMap((row) => encode([row])),
    );
  });

  test('what lies in padding has no influence', () => {
    const filler = { items: 13, positions: 6, segments: 0 };
    const [plain, filled] = [encode([[2, a]]), encode([[2, a]], filler)];

    expectRowsClose(filled.slice(2, 6), plain.slice(2, 6));
    expect(filled[0]).not.toEqual(plain[0]);
    expect(filled.flat().every(Number.isFinite)).toBe(true);
  });

  test('what stands in the place of an absent vector changes nothing', () => {
    const rows = [[a, b], [c]]; // biome-ignore format: rows

    expect(encode(rows, undefined, makeFeatures(1e4))).toEqual(encode(rows));
  });

  test('every trained parameter gets a gradient, and no other', () => {
    const names = Object.keys(parameters).filter((name) => !encoder.untrained.includes(name));
    const tokens = layOutTimed([
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
    const [tokens, features] = [layOutTimed([[a, b]]), makeFeatures()];
    const before = tf.memory().numTensors;
    const { items, vectors, auxiliaryLoss, statistics, updates } = run(tokens, { features });
    const results = [...Object.values(statistics), ...Object.values(updates)];
    // The table of ids alone is itself, not a copy.
    const isTable = items === parameters.items;
    const added = [vectors, auxiliaryLoss, ...results, ...(isTable ? [] : [items])];

    expect(tf.memory().numTensors).toBe(before + added.filter(Boolean).length);
  });
});
