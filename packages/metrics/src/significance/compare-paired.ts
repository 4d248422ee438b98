import { requireOneOf } from '@rodpo/errors';
import type { Alternative } from './alternative.ts';
import type { BootstrapEstimate } from './bootstrap-interval.ts';
import { cohensDz } from './cohens-dz.ts';
import { momentsOf } from './moments.ts';
import { pairedBootstrap } from './paired-bootstrap.ts';
import { pairedDifferences } from './paired-differences.ts';
import { type PairedTTest, pairedTTest } from './paired-t-test.ts';
import { relativeGain } from './relative-gain.ts';
import type { ZeroMethod } from './signed-ranks.ts';
import { type WilcoxonTest, wilcoxonSignedRank } from './wilcoxon-signed-rank.ts';

export interface ComparePairedOptions {
  /** Draws from [0, 1) for the bootstrap; a seeded generator makes it repeatable. */
  readonly random: () => number;
  /** Of both tests; `greater`: the candidate is greater than the baseline. */
  readonly alternative?: Alternative;
  /** Of both intervals, strictly between 0 and 1. */
  readonly confidence?: number;
  /** Of the bootstrap. */
  readonly resamples?: number;
  /** How the bootstrap finds its interval. */
  readonly interval?: 'percentile' | 'bca';
  /** What becomes of ties in the signed-rank test. */
  readonly zeros?: ZeroMethod;
}

export interface PairedComparison {
  readonly pairCount: number;
  readonly baselineMean: number;
  readonly candidateMean: number;
  /** Candidate minus baseline. */
  readonly meanDifference: number;
  /** Of the candidate's mean over the baseline's. */
  readonly relativeGain: number;
  /** Pairs in which the candidate is greater. */
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
  readonly tTest: PairedTTest;
  readonly wilcoxon: WilcoxonTest;
  /** Its interval has two sides, whatever the `alternative`. */
  readonly bootstrap: BootstrapEstimate;
  readonly effectSizes: { readonly cohensDz: number; readonly rankBiserial: number };
}

/**
 * All there is to say about one metric of two models on the same cases: shapes
 * `[pairCount]`, pair by pair. Every difference is candidate minus baseline.
 *
 * `alternative: 'greater'` asks whether the candidate is greater, the side to
 * choose for a metric of which more is better. (RecBole's significance script
 * asks for `less`, and so never finds a gain.) Choose a side before seeing the
 * data, or leave it two-sided.
 *
 * @throws {RangeError} if the lengths differ, there are fewer than 2 pairs, a
 * value is `NaN` or infinite, `confidence` is not between 0 and 1, or
 * `resamples` is not an integer of at least 2, or an option is none of its words
 */
export function comparePaired(
  baseline: ArrayLike<number>,
  candidate: ArrayLike<number>,
  options: ComparePairedOptions,
): PairedComparison {
  const { random, alternative = 'two-sided', confidence = 0.95, resamples = 10_000 } = options;
  const { interval = 'bca', zeros = 'drop' } = options;
  requireOneOf('interval', interval, ['percentile', 'bca']);
  const tTest = pairedTTest(candidate, baseline, { alternative, confidence });
  const wilcoxon = wilcoxonSignedRank(candidate, baseline, { alternative, zeros });
  const bootstrapOptions = { random, resamples, confidence, method: interval };
  const baselineMean = momentsOf(baseline).mean;
  const candidateMean = momentsOf(candidate).mean;

  return {
    pairCount: candidate.length,
    baselineMean,
    candidateMean,
    meanDifference: tTest.meanDifference,
    relativeGain: relativeGain(candidateMean, baselineMean),
    ...countOutcomes(pairedDifferences(candidate, baseline)),
    tTest,
    wilcoxon,
    bootstrap: pairedBootstrap(candidate, baseline, bootstrapOptions),
    effectSizes: {
      cohensDz: cohensDz(candidate, baseline),
      rankBiserial: wilcoxon.rankBiserial,
    },
  };
}

function countOutcomes(
  differences: Float64Array,
): Pick<PairedComparison, 'wins' | 'ties' | 'losses'> {
  let [wins, losses] = [0, 0];
  for (let index = 0; index < differences.length; index++) {
    if (differences[index]! > 0) wins++;
    else if (differences[index]! < 0) losses++;
  }
  return { wins, ties: differences.length - wins - losses, losses };
}
