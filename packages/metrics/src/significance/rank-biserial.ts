import { pairedDifferences } from './paired-differences.ts';
import { type SignedRanks, signedRanks, type ZeroMethod } from './signed-ranks.ts';

export interface RankBiserialOptions {
  /** What becomes of pairs without a difference. */
  readonly zeros?: ZeroMethod;
}

/**
 * Matched-pairs rank-biserial correlation, the effect size of the signed-rank
 * test: (positive − negative) / (positive + negative) rank sum of `a − b`.
 * 1 if `a` is greater in every pair, −1 if `b` is, 0 if they are even.
 *
 * `NaN` if no pair differs, except with `split`, which then answers 0. Pairs
 * without a difference do not count under `drop` and `pratt`, so a large value
 * may rest on few pairs: report the ties beside it.
 *
 * @see Kerby, "The Simple Difference Formula", Comprehensive Psychology 2014
 * @throws {RangeError} if the lengths differ, there are fewer than 2 pairs, or
 * a value is `NaN` or infinite, or `zeros` is none of its words
 */
export function rankBiserial(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { zeros = 'drop' }: RankBiserialOptions = {},
): number {
  return biserialOf(signedRanks(pairedDifferences(a, b), zeros));
}

export function biserialOf({ positive, negative }: SignedRanks): number {
  return (positive - negative) / (positive + negative);
}
