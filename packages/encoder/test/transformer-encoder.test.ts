import './setup.ts';
import { transformerEncoder } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { encodeTokens, layOut, makeParameters, options } from './model.ts';

const shape = { itemCount: 50, maxLength: 10, dimension: 16, blockCount: 2, headCount: 2 };
const initialize = (settings: typeof shape, normal: () => number) =>
  transformerEncoder(settings).initialize(normal);

describe('initialize', () => {
  test('names and shapes every parameter', () => {
    const arrays = initialize({ ...shape, blockCount: 1 }, () => 0);
    const shapes = Object.fromEntries(
      Object.entries(arrays).map(([name, { shape, data }]) => {
        expect(data.length).toBe(shape.reduce((product, extent) => product * extent, 1));
        return [name, shape];
      }),
    );

    expect(shapes).toEqual({
      items: [50, 16],
      positions: [10, 16],
      'norm.scale': [16],
      'norm.offset': [16],
      'block0.attention.projection.kernel': [16, 48],
      'block0.attention.projection.bias': [48],
      'block0.attention.output.kernel': [16, 16],
      'block0.attention.output.bias': [16],
      'block0.attention.norm.scale': [16],
      'block0.attention.norm.offset': [16],
      'block0.feedForward.up.kernel': [16, 64],
      'block0.feedForward.up.bias': [64],
      'block0.feedForward.down.kernel': [64, 16],
      'block0.feedForward.down.bias': [16],
      'block0.feedForward.norm.scale': [16],
      'block0.feedForward.norm.offset': [16],
    });
  });

  test('draws kernels and embeddings, and starts the rest at 0 and 1', () => {
    const arrays = initialize(shape, gaussianRandom(seededRandom(1)));
    for (const [name, { data }] of Object.entries(arrays)) {
      if (/\.(bias|offset)$/.test(name)) expect(new Set(data), name).toEqual(new Set([0]));
      else if (name.endsWith('.scale')) expect(new Set(data), name).toEqual(new Set([1]));
      else {
        const deviation = Math.sqrt(data.reduce((sum, value) => sum + value ** 2, 0) / data.length);
        // The smallest has 160 values: σ of its deviation is 0.02 / √320 = 0.0011; 4 σ.
        expect(Math.abs(deviation - 0.02), name).toBeLessThan(0.0045);
      }
    }
    expect(arrays).toEqual(initialize(shape, gaussianRandom(seededRandom(1))));
  });

  test.each(Object.keys(shape))('rejects a %s that counts nothing', (name) => {
    for (const value of [0, -1, 1.5, Number.NaN]) {
      expect(() => initialize({ ...shape, [name]: value }, () => 0)).toThrow(
        new RangeError(`${name} must be a positive integer, got ${value}`),
      );
    }
  });
});

describe('encode rejects', () => {
  const parameters = makeParameters();
  const tokens = layOut([[[1, 2, 3]]]);

  test.each(Object.keys(parameters))('parameters without %s', (name) => {
    const { [name]: _, ...rest } = parameters;

    expect(() => encodeTokens(rest, tokens, options)).toThrow(
      new TypeError(
        `Parameter '${name}' is missing. Make the parameters with the encoder's initialize, and ` +
          'encode with the same settings.',
      ),
    );
  });

  test.each([3, 16, 0, Number.NaN])('rows of %d for 8 tokens', (rowLength) => {
    expect(() => encodeTokens(parameters, tokens, { ...options, rowLength })).toThrow(
      new RangeError(`rowLength must divide the 8 tokens, got ${rowLength}`),
    );
  });

  test('token arrays of different lengths', () => {
    const positions = tf.zeros([7], 'int32');

    expect(() => encodeTokens(parameters, { ...tokens, positions }, options)).toThrow(
      new TypeError('items, positions and segments must have one length, got 8, 7, 8'),
    );
  });

  test('heads that do not divide the dimension', () => {
    expect(() => transformerEncoder({ ...shape, headCount: 3 })).toThrow(
      new RangeError('headCount must divide the dimension 16, got 3'),
    );
  });
});
