import { requireOneOf } from '@rodpo/errors';
import { type Alternative, pValueOf } from './alternative.ts';
import { normalCdf } from './distributions/normal.ts';
import { pairedDifferences } from './paired-differences.ts';
import { biserialOf } from './rank-biserial.ts';
import { signedRankTails, type Tails } from './signed-rank-tails.ts';
import { type SignedRanks, signedRanks, type ZeroMethod } from './signed-ranks.ts';

export interface WilcoxonOptions {
  /** `greater`: the differences `a − b` lie above 0. */
  readonly alternative?: Alternative;
  /** What becomes of pairs without a difference. */
  readonly zeros?: ZeroMethod;
  /**
   * `exact` counts sign patterns, up to 1,000 pairs; `normal` approximates.
   * `auto` is exact up to 50 pairs, with ties or zeros only up to 13.
   */
  readonly method?: 'auto' | 'exact' | 'normal';
  /** Moves the statistic half a rank towards its mean; for `normal` only. */
  readonly continuityCorrection?: boolean;
}

export interface WilcoxonTest {
  /** The sum of positive ranks; the smaller of both sums if the test is two-sided. */
  readonly statistic: number;
  readonly pValue: number;
  /** Sum of the ranks of pairs where `a` is greater. */
  readonly positiveRankSum: number;
  /** Sum of the ranks of pairs where `b` is greater. */
  readonly negativeRankSum: number;
  /** Pairs without a difference. */
  readonly zeroCount: number;
  /** The share of rank sum that is positive minus the share that is negative, −1 to 1. */
  readonly rankBiserial: number;
  /** How the p-value was found. */
  readonly method: 'exact' | 'normal';
}

const EXACT_LIMIT = 1000; // half a second; the cost grows with the cube

/**
 * Wilcoxon's signed-rank test that the differences `a − b` are symmetric about
 * 0: shapes `[pairCount]`, pair by pair. Pass the candidate as `a` and the
 * baseline as `b`. Costs O(n log n), or O(n³) where exact.
 *
 * As SciPy's `wilcoxon`, but for two cases. `exact` is exact with ties and zeros
 * too, where SciPy's `method='exact'` looks up the distribution without them.
 * If all differences are 0, `auto` answers 1 at any length: no sign pattern
 * differs from another. (`normal` divides 0 by 0 and answers `NaN`, except
 * with `split`.)
 *
 * @see Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics
 * Bulletin 1945; Pratt, "Remarks on Zeros and Ties in the Wilcoxon Signed Rank
 * Procedures", JASA 1959; Cureton, "The Normal Approximation to the Signed-Rank Sampling
 * Distribution When Zero Differences Are Present", JASA 1967
 * @throws {RangeError} if the lengths differ, there are fewer than 2 pairs, a
 * value is `NaN` or infinite, `exact` is asked of more than 1,000 pairs, or an option is none of its words
 */
export function wilcoxonSignedRank(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: WilcoxonOptions = {},
): WilcoxonTest {
  const { alternative = 'two-sided', zeros = 'drop', continuityCorrection = false } = options;
  const differences = pairedDifferences(a, b);
  const signed = signedRanks(differences, zeros);
  const { positive, negative, zeroCount } = signed;
  const method = chooseMethod(options.method ?? 'auto', signed);
  const { atLeast, atMost } =
    method === 'exact'
      ? signedRankTails(signed.ranks, positive - signed.zeroShare)
      : normalTails(signed, zeros, continuityCorrection ? alternative : undefined);

  return {
    statistic: alternative === 'two-sided' ? Math.min(positive, negative) : positive,
    pValue: pValueOf(atLeast, atMost, alternative),
    positiveRankSum: positive,
    negativeRankSum: negative,
    zeroCount,
    rankBiserial: biserialOf(signed),
    method,
  };
}

/** SciPy's rule for `auto`; there a permutation test is what is exact up to 13 pairs. */
function chooseMethod(
  method: 'auto' | 'exact' | 'normal',
  { ranks, zeroCount, tieTerm }: SignedRanks,
): 'exact' | 'normal' {
  requireOneOf('method', method, ['auto', 'exact', 'normal']);
  const pairCount = ranks.length + zeroCount;
  if (method === 'exact' && pairCount > EXACT_LIMIT) {
    throw new RangeError(
      `the exact test takes at most ${EXACT_LIMIT} pairs, got ${pairCount}. ` +
        "Pass method: 'normal', which is accurate for so many.",
    );
  }
  if (method !== 'auto') return method;
  const limit = zeroCount > 0 || tieTerm > 0 ? 13 : 50;
  return pairCount <= limit || ranks.length === 0 ? 'exact' : 'normal';
}

/** Corrects for continuity towards the mean as `alternative` asks, if it is given. */
function normalTails(
  { ranks, positive, zeroCount, tieTerm }: SignedRanks,
  zeros: ZeroMethod,
  alternative: Alternative | undefined,
): Tails {
  const ranked = ranks.length + (zeros === 'drop' ? 0 : zeroCount);
  const unsigned = zeros === 'pratt' ? zeroCount : 0; // ranked, but part of neither sum
  const mean = (ranked * (ranked + 1) - unsigned * (unsigned + 1)) / 4;
  const variance = (squareSum(ranked) - squareSum(unsigned)) / 4 - tieTerm / 48;
  const above = positive - mean;
  const sign = { 'two-sided': Math.sign(above), greater: 1, less: -1 };
  const z = (above - (alternative ? sign[alternative] / 2 : 0)) / Math.sqrt(variance);
  return { atLeast: normalCdf(-z), atMost: normalCdf(z) };
}

/** `1² + 2² + … + count²`. */
function squareSum(count: number): number {
  return (count * (count + 1) * (2 * count + 1)) / 6;
}
