import type { Weights } from '@rodpo/recipe';

/**
 * Weights under which every user gives every item the score in `scores`, whatever they read: the
 * last layer norm's scale is 0 and its offset the first unit vector, and an item's first component
 * is its score. `like` gives names and shapes, of post-norm encoders of `blockCount` blocks.
 */
export function fixedScores(like: Weights, blockCount: number, scores: readonly number[]): Weights {
  const weights = Object.fromEntries(
    Object.entries(like).map(([name, { shape, data }]) => [
      name,
      { shape, data: new Float32Array(data.length) },
    ]),
  );
  weights[`block${blockCount - 1}.feedForward.norm.offset`]!.data[0] = 1;
  const { shape, data } = weights.items!;
  for (const [item, score] of scores.entries()) data[item * shape[1]!] = score;
  return weights;
}
