import { totalCount } from '../total-count.ts';

/**
 * How unequally items are shown, from `exposureCounts`: shape `[itemCount]`. 0 if all are shown
 * equally often, `1 − 1 / itemCount` if one item takes every place. Items never shown count.
 *
 * `Σ (2i − n − 1) · c(i) / (n · Σ c)` over the counts `c(1) ≤ … ≤ c(n)`. `NaN` if nothing was
 * shown. Costs a sort of the counts. RecBole counts its padding item into the catalogue.
 *
 * @see RecBole, `recbole/evaluator/metrics.py`, class `GiniIndex`
 * @throws {RangeError} if a count is negative or not finite
 */
export function giniIndex(counts: ArrayLike<number>): number {
  const total = totalCount(counts);
  const itemCount = counts.length;
  const ascending = Float64Array.from(counts).sort();

  let sum = 0;
  for (let index = 0; index < itemCount; index++) {
    sum += (2 * (index + 1) - itemCount - 1) * ascending[index]!;
  }
  return sum / (itemCount * total); // 0 / 0 is NaN
}
