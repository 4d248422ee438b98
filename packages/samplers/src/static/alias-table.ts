import type { UniformRandom } from '../negative-sampler.ts';

/**
 * Draws an index with probability `weights[index] / sum` in O(1), from a table made in O(n).
 *
 * Column `c` keeps index `c` with probability `keep[c]` and gives `alias[c]` otherwise. Two draws
 * each time: one for both would leave the second few bits when there are many columns.
 *
 * @see Walker, "An Efficient Method for Generating Discrete Random Variables with General
 * Distributions", ACM TOMS 1977; Vose, "A Linear Algorithm for Generating Random Numbers with a
 * Given Distribution", IEEE TSE 1991 (the table)
 */
export function aliasTable(weights: Float64Array): (random: UniformRandom) => number {
  const columns = weights.length;
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / columns;
  const keep = weights.map((weight) => weight / mean);
  const alias = Int32Array.from(keep.keys());
  const order = Int32Array.from(keep.keys());
  // Columns below the mean wait at the front of the order, those above at its back.
  let small = 0;
  let large = columns;
  for (let column = 0; column < columns; column++) {
    if (keep[column]! < 1) order[small++] = column;
    else order[--large] = column;
  }
  while (small > 0 && large < columns) {
    const below = order[--small]!;
    const above = order[large]!;
    alias[below] = above;
    keep[above] = keep[above]! + keep[below]! - 1;
    if (keep[above]! >= 1) continue;
    large++;
    order[small++] = above;
  }
  // Rounding may leave columns without a partner: they are full, but for the last digits.
  while (small > 0) keep[order[--small]!] = 1;
  while (large < columns) keep[order[large++]!] = 1;

  return (random) => {
    const column = Math.floor(random() * columns);
    return random() < keep[column]! ? column : alias[column]!;
  };
}
