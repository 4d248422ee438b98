import {
  type EncodeOptions,
  type FeatureTable,
  type Hm4srSettings,
  hm4srEncoder,
  type PackedTokens,
  type Parameters,
  type SequenceEncoder,
} from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';

export const settings: Hm4srSettings = {
  itemCount: 20,
  maxLength: 8,
  dimension: 8,
  vectors: { text: 5, image: 3 },
  temporal: { intervalCount: 6 },
};

export const never = (): tf.Tensor => {
  throw new Error('nothing may be drawn without dropout');
};

export const options: EncodeOptions = { rowLength: 8, dropout: 0, uniform: never };

/** Ten times the usual initial weights, so that every part matters; the scalars are 1. */
export function makeParameters(encoder: SequenceEncoder): Parameters {
  const normal = gaussianRandom(seededRandom(5));
  const arrays = Object.entries(encoder.initialize(() => 10 * normal()));
  return Object.fromEntries(
    arrays.map(([name, { shape, data }]) => {
      const isSmall = name.endsWith('.weight') || name.startsWith('temporal.absolute');
      return [name, isSmall ? tf.fill([...shape], 1) : tf.tensor(data, [...shape])];
    }),
  );
}

/** Every third item lacks a text, every fourth an image; there `filler` stands. */
export function makeFeatures(filler = 0): FeatureTable {
  const random = seededRandom(6);
  const feature = (width: number, every: number) => {
    const present = Array.from({ length: 20 }, (_, item) => (item % every === 0 ? 0 : 1));
    const rows = present.map((isThere) =>
      Array.from({ length: width }, () => (isThere ? 2 * random() - 1 : filler)),
    );
    return { vectors: tf.tensor2d(rows), present: tf.tensor1d(present) };
  };
  const labels = Array.from({ length: 20 }, (_, item) => [item % 2, item % 5 === 0 ? 1 : 0]);
  const known = tf.ones([20]);
  return {
    text: feature(5, 3),
    image: feature(3, 4),
    categories: { vectors: tf.tensor2d(labels, [20, 2], 'float32'), present: known },
  };
}

/** Sequences, row by row; a number is so many cells of padding. */
export type Rows = readonly (readonly (readonly number[] | number)[])[];

interface Cell {
  readonly items: number;
  readonly positions: number;
  readonly segments: number;
  readonly intervals: number;
  readonly times: number;
}

const padding: Cell = { items: 0, positions: 0, segments: 0, intervals: 0, times: 0 };

/** Lays sequences out in rows of 8. When an item is taken follows from it and its position. */
export function layOut(rows: Rows, filler: Cell = padding): Required<PackedTokens> {
  const cells = rows.flatMap((row) => {
    const laid = row.flatMap((part, segment): Cell[] =>
      typeof part === 'number'
        ? Array.from({ length: part }, () => filler)
        : part.map((items, positions) => ({
            items,
            positions,
            segments: segment + 1,
            intervals: (3 * items + positions) % 6,
            times: positions / 8 + items / 200,
          })),
    );
    return [...laid, ...Array.from({ length: options.rowLength - laid.length }, () => filler)];
  });
  const column = (name: keyof Cell) =>
    tf.tensor1d(
      cells.map((cell) => cell[name]),
      name === 'times' ? 'float32' : 'int32',
    );
  return {
    items: column('items'),
    positions: column('positions'),
    segments: column('segments'),
    intervals: column('intervals'),
    times: column('times'),
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
