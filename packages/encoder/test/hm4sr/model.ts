import {
  type DenseFeatures,
  type FeatureTable,
  type Hm4srSettings,
  hm4srEncoder,
  type PackedTokens,
  type Parameters,
  type SequenceEncoder,
} from '@rodpo/encoder';
import * as tf from '@tensorflow/tfjs-core';
import { makeFeatures as makeVectors } from '../features.ts';
import { makeParameters as makeLarge, options } from '../model.ts';

export const settings: Hm4srSettings = {
  itemCount: 20,
  maxLength: 8,
  dimension: 8,
  vectors: { text: 5, image: 3 },
  temporal: { intervalCount: 6 },
};

/** As other encoders' parameters; the scalars are 1, and so is what reads the time. */
export function makeParameters(encoder: SequenceEncoder): Parameters {
  const isSmall = (name: string) =>
    name.endsWith('.weight') || name.startsWith('temporal.absolute');
  return Object.fromEntries(
    Object.entries(makeLarge(encoder)).map(([name, value]) => [
      name,
      isSmall(name) ? tf.onesLike(value) : value,
    ]),
  );
}

/** Items have categories too; every fifth has two. */
export function makeFeatures(filler = 0): Record<'text' | 'image' | 'categories', DenseFeatures> {
  const labels = Array.from({ length: 20 }, (_, item) => [item % 2, item % 5 === 0 ? 1 : 0]);
  return {
    ...makeVectors(filler),
    categories: { vectors: tf.tensor2d(labels, [20, 2], 'float32'), present: tf.ones([20]) },
  };
}

/** The vectors of every cell, as plain rows. */
export function encode(
  encoder: SequenceEncoder,
  parameters: Parameters,
  tokens: PackedTokens,
  features: FeatureTable = makeFeatures(),
): number[][] {
  return tf.tidy(() => {
    const items = encoder.itemVectors(parameters, features);
    return encoder.encode(parameters, items, tokens, options).vectors.arraySync();
  });
}

/** Of the test's usual size, with what differs. */
export function encoderWith(changes: Partial<Hm4srSettings> = {}): SequenceEncoder {
  return hm4srEncoder({ ...settings, ...changes });
}
