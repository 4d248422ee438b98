import { type EncodeOptions, encodeSequences, initSasrec, type Parameters } from '@rodpo/encoder';
import { gaussianRandom, seededRandom } from '@rodpo/random';
import * as tf from '@tensorflow/tfjs-core';

const shape = { itemCount: 20, maxLength: 8, dimension: 8, blockCount: 2 };

export const never = (): tf.Tensor => {
  throw new Error('nothing may be drawn without dropout');
};

export const options: EncodeOptions = {
  rowLength: 8,
  blockCount: 2,
  headCount: 2,
  dropout: 0,
  uniform: never,
};

/** Ten times the usual initial weights, so that every part matters. */
export function makeParameters(): Parameters {
  const normal = gaussianRandom(seededRandom(5));
  const arrays = Object.entries(initSasrec(shape, () => 10 * normal()));
  return Object.fromEntries(
    arrays.map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
}

interface Cell {
  readonly items: number;
  readonly positions: number;
  readonly segments: number;
}

const padding: Cell = { items: 0, positions: 0, segments: 0 };

/** Sequences, row by row; a number is so many cells of padding. */
export type Rows = readonly (readonly (readonly number[] | number)[])[];

/** Lays sequences out in rows of 8. */
export function layOut(
  rows: Rows,
  filler: Cell = padding,
): { items: tf.Tensor1D; positions: tf.Tensor1D; segments: tf.Tensor1D } {
  const cells = rows.flatMap((row) => {
    const laid = row.flatMap((part, segment) =>
      typeof part === 'number'
        ? Array.from({ length: part }, () => filler)
        : part.map((items, positions) => ({ items, positions, segments: segment + 1 })),
    );
    return [...laid, ...Array.from({ length: options.rowLength - laid.length }, () => filler)];
  });
  const column = (name: keyof Cell) =>
    tf.tensor1d(
      cells.map((cell) => cell[name]),
      'int32',
    );
  return { items: column('items'), positions: column('positions'), segments: column('segments') };
}

/** The vectors of every cell, as plain rows. */
export function encode(parameters: Parameters, rows: Rows, filler?: Cell): number[][] {
  return tf.tidy(() => encodeSequences(parameters, layOut(rows, filler), options).arraySync());
}
