import type { ListScores } from '@rodpo/objectives';
import * as tf from '@tensorflow/tfjs-core';

/** Scores of a chosen item per row and of its rejected ones, as `ListScores`. */
export const lists = (
  chosen: readonly number[],
  rejected: readonly (readonly number[])[],
): ListScores => ({
  chosen: tf.tensor1d([...chosen]),
  rejected: tf.tensor2d(rejected.map((row) => [...row])),
});

/** Three rows of a chosen and four rejected scores, for the contract of losses. */
export const listPoints: { readonly shape: number[]; readonly data: number[] }[] = [
  { shape: [3], data: [0.5, -1.2, 2] },
  { shape: [3, 4], data: [0.3, 1.4, -2, 0.1, -1, 0.7, -3.1, 0.2, 1.5, -0.4, 2.6, -1.1] },
];

/** As many scores of a reference, as constants. */
export const referenceLists = (): ListScores =>
  lists(
    [0.2, 0.4, -0.3],
    [
      [0.1, 1, -0.5, 0.6],
      [-0.7, 0.3, 0.9, -0.2],
      [1.1, 0, -1.3, 0.8],
    ],
  );
