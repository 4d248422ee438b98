import {
  type EncodeOptions,
  type PackedTokens,
  type Parameters,
  type SequenceEncoder,
  transformerEncoder,
} from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';

/** IDs alone: the smallest encoder there is. */
const idEncoder = transformerEncoder({
  itemCount: 20,
  maxLength: 8,
  dimension: 8,
  blockCount: 2,
  headCount: 2,
});

export const never = (): tf.Tensor => {
  throw new Error('nothing may be drawn without dropout');
};

export const options: EncodeOptions = {
  rowLength: 8,
  dropout: 0,
  uniform: never,
};

/** Ten times the usual initial weights, so that every part matters. */
export function makeParameters(encoder: SequenceEncoder = idEncoder): Parameters {
  const normal = gaussianRandom(seededRandom(5));
  const arrays = Object.entries(encoder.initialize(() => 10 * normal()));
  return Object.fromEntries(
    arrays.map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
}

export interface Cell {
  readonly items: number;
  readonly positions: number;
  readonly segments: number;
  readonly intervals: number;
  readonly times: number;
}

const padding: Cell = { items: 0, positions: 0, segments: 0, intervals: 0, times: 0 };

/** Lies in padding to show that nothing there has an influence. */
export const filler: Cell = { items: 13, positions: 6, segments: 0, intervals: 5, times: 0.9 };

/** Sequences, row by row; a number is so many cells of padding. */
export type Rows = readonly (readonly (readonly number[] | number)[])[];

/** Lays sequences out in rows of 8. When an item is taken follows from it and its position. */
export function layOut(rows: Rows, between: Cell = padding): Required<PackedTokens> {
  const cells = rows.flatMap((row) => {
    const laid = row.flatMap((part, segment): Cell[] =>
      typeof part === 'number'
        ? Array.from({ length: part }, () => between)
        : part.map((items, positions) => ({
            items,
            positions,
            segments: segment + 1,
            intervals: (3 * items + positions) % 6,
            times: positions / 8 + items / 200,
          })),
    );
    return [...laid, ...Array.from({ length: options.rowLength - laid.length }, () => between)];
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

/** The vectors of every cell. */
export function encodeTokens(
  parameters: Parameters,
  tokens: PackedTokens,
  encodeOptions: EncodeOptions,
): tf.Tensor2D {
  const items = idEncoder.itemVectors(parameters, {});
  return idEncoder.encode(parameters, items, tokens, encodeOptions).vectors;
}
