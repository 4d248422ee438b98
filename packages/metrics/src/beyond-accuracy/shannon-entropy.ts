import { requireOneOf } from '@rodpo/errors';
import { totalCount } from '../total-count.ts';

export interface ShannonEntropyOptions {
  /**
   * What the entropy is divided by. Default `'none'`.
   *
   * - `'none'`: nothing; nats, from 0 (one item takes all) to `ln itemCount` (all equal).
   * - `'maximum'`: `ln itemCount`, which gives a share from 0 to 1. `NaN` for a single item.
   * - `'shownItems'`: the number of items shown at least once. RecBole's code does this, though
   *   its docstring does not say so; take it only to compare with figures from RecBole.
   */
  readonly normalisation?: 'none' | 'maximum' | 'shownItems';
}

/**
 * The entropy of what is shown, from `exposureCounts`: `−Σ p ln p` with `p` the share of all
 * places that an item takes. Higher is more even. `NaN` if nothing was shown.
 *
 * @see Shannon, "A Mathematical Theory of Communication", 1948; RecBole,
 * `recbole/evaluator/metrics.py`, class `ShannonEntropy`
 * @throws {RangeError} if a count is negative or not finite, or `normalisation` is none of its words
 */
export function shannonEntropy(
  counts: ArrayLike<number>,
  { normalisation = 'none' }: ShannonEntropyOptions = {},
): number {
  requireOneOf('normalisation', normalisation, ['none', 'maximum', 'shownItems']);
  const total = totalCount(counts);
  if (total === 0) return Number.NaN;

  let entropy = 0;
  let shown = 0;
  for (let item = 0; item < counts.length; item++) {
    const share = counts[item]! / total;
    if (share === 0) continue; // p ln p tends to 0 with p
    entropy -= share * Math.log(share);
    shown++;
  }
  if (normalisation === 'maximum') return entropy / Math.log(counts.length);
  return normalisation === 'shownItems' ? entropy / shown : entropy;
}
