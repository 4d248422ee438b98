import {
  type Encoded,
  type EncodeOptions,
  type FeatureTable,
  type PackedTokens,
  type Parameters,
  type SequenceEncoder,
  type TransformerSettings,
  transformerEncoder,
} from '@rodpo/encoder';
import * as tf from '@tensorflow/tfjs-core';
import { makeFeatures } from './features.ts';
import { layOut, makeParameters, options } from './model.ts';
import type { EncoderUnderTest } from './sequence-encoder-contract.ts';

/** All that every variant has; rows hold 8 tokens. */
export const shape: TransformerSettings = {
  itemCount: 20,
  maxLength: 8,
  dimension: 8,
  blockCount: 2,
  headCount: 2,
};

const streams = { id: true, vectors: { text: 5, image: 3 } };
const experts = { expertCount: 4, activeCount: 1, width: 16 };

/** Every fusion with every place of the norm, with and without experts, and what is left. */
export const variants: readonly (readonly [string, TransformerSettings])[] = [
  ...(['early', 'gated', 'late'] as const).flatMap((fusion) =>
    (['post', 'pre'] as const).flatMap((norm) =>
      [null, experts].map(
        (mixture) =>
          [
            `${fusion} fusion, ${norm}-LN, ${mixture ? 'experts' : 'feed-forward'}`,
            { ...shape, streams, fusion, norm, experts: mixture },
          ] as const,
      ),
    ),
  ),
  ['ids alone', shape],
  ['ids alone, intervals', { ...shape, positions: 'intervals', intervalCount: 6 }],
  [
    'vectors alone, gated, intervals, two of four experts and a shared one',
    {
      ...shape,
      streams: { ...streams, id: false },
      fusion: 'gated',
      positions: 'intervals',
      experts: { ...experts, activeCount: 2, sharedWidth: 4, biasRate: 0.01 },
    },
  ],
];

interface RunOptions {
  readonly features?: FeatureTable;
  readonly options?: Partial<EncodeOptions>;
}

export interface Variant {
  readonly encoder: SequenceEncoder;
  readonly parameters: Parameters;
  /** Items and tokens, under the variant's own weights unless there are others. */
  readonly run: (
    tokens: PackedTokens,
    runOptions?: RunOptions,
    weights?: Parameters,
  ) => Encoded & { readonly items: tf.Tensor2D };
  /** The vectors of every cell, as plain rows. */
  readonly encode: EncoderUnderTest['encode'];
}

/** An encoder with weights and features that are the same each time. */
export function runVariant(settings: TransformerSettings): Variant {
  const encoder = transformerEncoder(settings);
  const parameters = makeParameters(encoder);
  const run: Variant['run'] = (
    tokens,
    { features = makeFeatures(), options: more = {} } = {},
    weights = parameters,
  ) => {
    const items = encoder.itemVectors(weights, features);
    return { items, ...encoder.encode(weights, items, tokens, { ...options, ...more }) };
  };
  const encode: Variant['encode'] = (rows, { filler, absent } = {}) =>
    tf.tidy(() =>
      run(layOut(rows, filler), { features: makeFeatures(absent) }).vectors.arraySync(),
    );
  return { encoder, parameters, run, encode };
}
