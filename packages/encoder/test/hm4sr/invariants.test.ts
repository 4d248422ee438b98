import '../setup.ts';
import type { Hm4srSettings } from '@rodpo/encoder';
import { expectAllClose } from '@rodpo/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import {
  encoderWith,
  encode as encodeTokens,
  layOut,
  makeFeatures,
  makeParameters,
  options,
  type Rows,
} from './model.ts';

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

const variants: [string, Partial<Hm4srSettings>][] = [
  ['dense', {}],
  ['one expert of four', { alignment: { activeCount: 1 } }],
  ['two experts of four', { alignment: { activeCount: 2 } }],
  ['no times', { temporal: null }],
  ['ids only', { vectors: {} }],
];

describe.each(variants)('HM4SR with %s', (_, changes) => {
  const encoder = encoderWith(changes);
  const parameters = makeParameters(encoder);
  const encode = (rows: Rows) => encodeTokens(encoder, parameters, layOut(rows));

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
    const filler = { items: 13, positions: 6, segments: 0, intervals: 5, times: 0.9 };
    const plain = encode([[2, a]]);
    const filled = encodeTokens(encoder, parameters, layOut([[2, a]], filler));

    expectRowsClose(filled.slice(2, 6), plain.slice(2, 6));
    expect(filled[0]).not.toEqual(plain[0]);
    expect(filled.flat().every(Number.isFinite)).toBe(true);
  });

  test('what stands in the place of an absent vector changes nothing', () => {
    const tokens = layOut([[a, b], [c]]);

    expect(encodeTokens(encoder, parameters, tokens, makeFeatures(1e4))).toEqual(
      encodeTokens(encoder, parameters, tokens, makeFeatures()),
    );
  });
});

describe('times', () => {
  const encoder = encoderWith();
  const parameters = makeParameters(encoder);
  const tokens = layOut([[a, b]]);
  const before = encodeTokens(encoder, parameters, tokens);

  test.each([
    ['interval', { intervals: tf.tensor1d([5, 1, 2, 2, 0, 0, 0, 0], 'int32') }],
    ['time', { times: tf.add(tokens.times, tf.tensor1d([0, 1, 0, 0, 0, 0, 0, 0])) }],
  ])('another %s changes what follows in its sequence alone', (_, changed) => {
    const token = 'times' in changed ? 1 : 0;
    const after = encodeTokens(encoder, parameters, { ...tokens, ...changed });

    expect(largestDifference(after.slice(token, 4), before.slice(token, 4))).toBeGreaterThan(1e-3);
    if (token > 0) expectRowsClose(after.slice(0, token), before.slice(0, token));
  });
});

test('all experts active is the mixture of all, weighed by the router', () => {
  const dense = encoderWith({ alignment: { expertCount: 3 } });
  const parameters = makeParameters(dense);
  const tokens = layOut([[a, b], [c]]);
  const of = (given: typeof parameters) => encodeTokens(dense, given, tokens);
  // Equal experts: whatever the router says, their mixture is each of them.
  const equal = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (!/^alignment\..*experts/.test(name)) return [name, value];
      const first = tf.slice(value, 0, 1);
      return [name, tf.concat([first, first, first])];
    }),
  );
  const routed = Object.fromEntries(
    Object.entries(equal).map(([name, value]) => [
      name,
      /^alignment\..*router/.test(name) ? tf.mul(value, 30) : value,
    ]),
  );

  expectRowsClose(of(routed), of(equal));
  expect(largestDifference(of(parameters), of(equal))).toBeGreaterThan(1e-2);
});

test('dropout and hidden tokens are the same for the same draws', () => {
  const encoder = encoderWith();
  const parameters = makeParameters(encoder);
  const features = makeFeatures();
  const lossWith = (value: number) =>
    tf.tidy(() => {
      const items = encoder.itemVectors(parameters, features);
      const { auxiliaryLoss } = encoder.encode(parameters, items, layOut([[a, b]]), {
        ...options,
        dropout: 0.5,
        uniform: (shape) => tf.fill([...shape], value),
        targets: tf.tensor1d([7, 1, 12, 2, 5, 9, 3, 0], 'int32'),
      });
      return auxiliaryLoss!.dataSync()[0]!;
    });

  expect(lossWith(0.7)).toBe(lossWith(0.7));
  expect(Math.abs(lossWith(0.7) - lossWith(0.2))).toBeGreaterThan(1e-3);
});
