import '@rodpo/testing/tfjs';
import { type SequenceEncoder, transformerEncoder } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { encodeTokens, filler, layOut, makeParameters, options } from './model.ts';
import { a, b, largestDifference } from './rows.ts';

const shape = { itemCount: 50, maxLength: 10, dimension: 16, blockCount: 2, headCount: 2 };
const initialize = (settings: typeof shape, normal: () => number) =>
  transformerEncoder(settings).initialize(normal);

const tensorsOf = (encoder: SequenceEncoder) =>
  Object.fromEntries(
    Object.entries(encoder.initialize(gaussianRandom(seededRandom(2)))).map(
      ([name, { shape, data }]) => [name, tf.tensor(data, [...shape])],
    ),
  );

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

test.each<[object, string]>([
  [{ headCount: 3 }, 'headCount must divide the dimension 16, got 3'],
  [{ feedForwardWidth: 0 }, 'feedForwardWidth must be a positive integer, got 0'],
  [{ intervalCount: 1.5 }, 'intervalCount must be a positive integer, got 1.5'],
  [{ norm: 'Pre' }, 'norm must be one of "post", "pre", got "Pre"'],
  [{ positions: 'none' }, 'positions must be one of "learned", "intervals", got "none"'],
  [{ fusion: 'middle' }, 'fusion must be one of "early", "gated", "late", got "middle"'],
  [
    { experts: { expertCount: 2, activeCount: 3, width: 4 } },
    'activeCount must be an integer from 1 to the 2 experts, got 3',
  ],
  [
    { streams: { id: true, vectors: { id: 3 } } },
    "streams.vectors must not name any 'id': the name is taken",
  ],
  [
    { streams: { id: true, vectors: { fusion: 3 } } },
    "streams.vectors must not name any 'fusion': the name is taken",
  ],
])('refuses %j', (settings, message) => {
  expect(() => transformerEncoder({ ...shape, ...settings })).toThrow(new RangeError(message));
});

describe('encode rejects', () => {
  const parameters = makeParameters();
  const { items, positions, segments } = layOut([[[1, 2, 3]]]);
  const tokens = { items, positions, segments };

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

  test('intervals of another length', () => {
    const intervals = tf.zeros([9], 'int32');

    expect(() => encodeTokens(parameters, { ...tokens, intervals }, options)).toThrow(
      new TypeError(
        'items, positions, segments and intervals must have one length, got 8, 8, 8, 9',
      ),
    );
  });

  test('tokens without the intervals that it reads', () => {
    const encoder = transformerEncoder({ ...shape, positions: 'intervals' });
    const weights = tensorsOf(encoder);
    const items = encoder.itemVectors(weights, {});

    expect(() => encoder.encode(weights, items, tokens, options)).toThrow(
      new TypeError(
        'The encoder reads intervals, but the tokens have none. Add what intervalBuckets makes, ' +
          "or set positions to 'learned'.",
      ),
    );
  });
});

describe('to the last bit', () => {
  const parameters = makeParameters();
  const encode = (...given: Parameters<typeof layOut>) =>
    tf.tidy(() => encodeTokens(parameters, layOut(...given), options).arraySync());

  test('a later item leaves earlier vectors unchanged', () => {
    const before = encode([[a, b]]);
    const after = encode([[[3, 7, 8, 12], b]]);

    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  });

  test('another sequence of the row changes nothing', () => {
    const before = encode([[a, b]]);

    expect(encode([[[11, 2, 0, 4], b]]).slice(4, 7)).toEqual(before.slice(4, 7));
    expect(encode([[a, [8, 8, 8]]]).slice(0, 4)).toEqual(before.slice(0, 4));
  });

  test('what lies in padding has no influence', () => {
    expect(encode([[2, a]], filler).slice(2, 6)).toEqual(encode([[2, a]]).slice(2, 6));
  });
});

test('dropout changes what is encoded, the same for the same draws', () => {
  const parameters = makeParameters();
  const encodeWith = (value: number) =>
    tf.tidy(() =>
      encodeTokens(parameters, layOut([[a, b]]), {
        ...options,
        dropout: 0.5,
        uniform: (shape) => tf.fill([...shape], value),
      }).arraySync(),
    );

  expect(encodeWith(0.7)).toEqual(encodeWith(0.7));
  // Kept and doubled everywhere, against dropped everywhere.
  expect(largestDifference(encodeWith(0.7), encodeWith(0.2))).toBeGreaterThan(1e-2);
});
