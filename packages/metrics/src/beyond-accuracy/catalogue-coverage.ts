import { totalCount } from '../total-count.ts';

/**
 * The share of the catalogue that is shown at least once, from `exposureCounts`: shape
 * `[itemCount]`. `NaN` if nothing was shown at all: an evaluation of nobody is not a bad model.
 *
 * RecBole counts its padding item into the catalogue. To compare with its figures, count over
 * one item more.
 *
 * @see Ge et al., "Beyond Accuracy: Evaluating Recommender Systems by Coverage and Serendipity",
 * RecSys 2010; RecBole, `recbole/evaluator/metrics.py`, class `ItemCoverage`
 * @throws {RangeError} if a count is negative or not finite
 */
export function catalogueCoverage(counts: ArrayLike<number>): number {
  if (totalCount(counts) === 0) return Number.NaN;
  let shown = 0;
  for (let item = 0; item < counts.length; item++) if (counts[item]! > 0) shown++;
  return shown / counts.length;
}
