import '@rodpo/testing/tfjs';
import type { Hm4srSettings } from '@rodpo/encoder';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { layOut, options } from '../model.ts';
import { a, b, c, expectRowsClose, largestDifference } from '../rows.ts';
import { testSequenceEncoder } from '../sequence-encoder-contract.ts';
import { encode, encoderWith, makeFeatures, makeParameters } from './model.ts';

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

  testSequenceEncoder({
    encode: (rows, { filler, absent } = {}) =>
      encode(encoder, parameters, layOut(rows, filler), makeFeatures(absent)),
  });
});

describe('times', () => {
  const encoder = encoderWith();
  const parameters = makeParameters(encoder);
  const tokens = layOut([[a, b]]);
  const before = encode(encoder, parameters, tokens);

  test.each([
    ['interval', { intervals: tf.tensor1d([5, 1, 2, 2, 0, 0, 0, 0], 'int32') }],
    ['time', { times: tf.add(tokens.times, tf.tensor1d([0, 1, 0, 0, 0, 0, 0, 0])) }],
  ])('another %s changes what follows in its sequence alone', (_, changed) => {
    const token = 'times' in changed ? 1 : 0;
    const after = encode(encoder, parameters, { ...tokens, ...changed });

    expect(largestDifference(after.slice(token, 4), before.slice(token, 4))).toBeGreaterThan(1e-3);
    if (token > 0) expectRowsClose(after.slice(0, token), before.slice(0, token));
  });
});

test('all experts active is the mixture of all, weighed by the router', () => {
  const dense = encoderWith({ alignment: { expertCount: 3 } });
  const parameters = makeParameters(dense);
  const tokens = layOut([[a, b], [c]]);
  const of = (given: typeof parameters) => encode(dense, given, tokens);
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
