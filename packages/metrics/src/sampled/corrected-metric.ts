import { binomialRow } from './binomial-row.ts';
import { rankWeights } from './rank-weights.ts';
import { checkSampling, type Sampling } from './sampling.ts';
import { solvePositiveDefinite } from './solve-positive-definite.ts';
import { warnOfSampling } from './warn-of-sampling.ts';

export interface CorrectionOptions extends Sampling {
  /**
   * What variance costs beside squared bias, from 0 to 1. Towards 0 the mean over many cases is
   * nearest to the exact one; at 1 each value is what the metric is on average, given the sampled
   * rank. 0 is the estimator of least bias, which only samples of up to about 18 items can have.
   */
  readonly biasVariance?: number;
  /**
   * How often the target has rank 1, 2, … among all items, up to its scale: shape `[itemCount]`.
   * Every rank is equally likely by default. Take it from a full ranking of some cases, or from a
   * model of the same kind: the correction is best for cases like these.
   */
  readonly rankDistribution?: ArrayLike<number>;
}

/**
 * With pivots from here on the values have five digits (compared with 80-digit arithmetic), even
 * where `biasVariance` does not hold the matrix's smallest eigenvalue up.
 */
const smallestUnaidedPivot = 1e-5;

/**
 * A ranking metric corrected for sampling: what to count for each sampled rank, so that the mean
 * over cases comes near the metric of the full ranking. Entry `sampledRank - 1` is for
 * `sampledRank`: shape `[sampleCount + 1]`. Values may be negative or above 1; only their mean over
 * cases means something. A sampled rank that the distribution makes impossible has `NaN`.
 *
 * The sampled rank less 1 of a target with rank `r` is binomial: `sampleCount` draws, each above it
 * with chance `(r - 1) / (itemCount - 1)`. The values minimise, over the ranks,
 * `E[bias² + biasVariance · variance]`: least squares in `sampleCount + 1` unknowns. Takes
 * O(itemCount · sampleCount + sampleCount³); compute it once and use it for every case.
 *
 * @param metric what a 1-based rank is worth, `(rank) => ndcgAt(rank, 10)` say
 * @see Krichene and Rendle, "On Sampled Metrics for Item Recommendation", KDD 2020, sections 6.2
 * and 6.3
 * @throws {RangeError} if a count is too small, `biasVariance` is not from 0 to 1 or too small for
 * so large a sample, `rankDistribution` is not `itemCount` weights, or a metric is not finite
 */
export function correctedMetric(
  metric: (rank: number) => number,
  options: CorrectionOptions,
): Float64Array {
  const { sampleCount, biasVariance = 0.01, warn } = options;
  checkSampling(options);
  if (!(biasVariance >= 0 && biasVariance <= 1)) {
    throw new RangeError(
      `biasVariance must be from 0 to 1, got ${biasVariance}. ` +
        'It weighs the variance of the values against the bias of their mean.',
    );
  }
  warnOfSampling(warn);

  const { products, worths, chances } = accumulate(metric, options);
  // Scaled by the roots of the chances, the products are a matrix whose largest eigenvalue is 1:
  // adding `biasVariance` to its diagonal is all that keeps the equations solvable.
  const size = sampleCount + 1;
  const scale = chances.map((chance) => (chance > 0 ? 1 / Math.sqrt(chance) : 0));
  const matrix = products.map((product, index) => {
    const [row, column] = [Math.floor(index / size), index % size];
    const scaled = (1 - biasVariance) * product * scale[row]! * scale[column]!;
    if (row !== column) return scaled;
    return chances[row] === 0 ? 1 : scaled + biasVariance;
  });
  const values = worths.map((worth, index) => worth * scale[index]!);
  const smallestPivot = solvePositiveDefinite(matrix, values);
  if (!(smallestPivot > (biasVariance < 1e-9 ? smallestUnaidedPivot : 0))) {
    throw new RangeError(
      `biasVariance must be larger for ${sampleCount} samples, got ${biasVariance}. ` +
        'The equations are singular in double precision: pass 0.001 or more.',
    );
  }
  return values.map((value, index) => (chances[index] === 0 ? Number.NaN : value * scale[index]!));
}

/** Sums over the ranks, weighted by how likely each is. */
interface NormalEquations {
  /** Of the chances of two sampled ranks: shape `[size, size]`, lower half. */
  readonly products: Float64Array;
  /** Of the chance of a sampled rank times the metric: shape `[size]`. */
  readonly worths: Float64Array;
  /** Of the chance of a sampled rank: shape `[size]`. */
  readonly chances: Float64Array;
}

function accumulate(
  metric: (rank: number) => number,
  { sampleCount, itemCount, rankDistribution }: CorrectionOptions,
): NormalEquations {
  const size = sampleCount + 1;
  const products = new Float64Array(size * size);
  const worths = new Float64Array(size);
  const chances = new Float64Array(size);
  const weights = rankWeights(itemCount, rankDistribution);
  for (let rank = 1; rank <= itemCount; rank++) {
    const weight = weights(rank);
    if (weight === 0) continue;
    const worth = finiteMetric(metric, rank);
    const { from, probabilities } = binomialRow(sampleCount, (rank - 1) / (itemCount - 1));
    for (let row = 0; row < probabilities.length; row++) {
      const share = weight * probabilities[row]!;
      chances[from + row]! += share;
      worths[from + row]! += share * worth;
      const start = (from + row) * size + from;
      for (let column = 0; column <= row; column++) {
        products[start + column]! += share * probabilities[column]!;
      }
    }
  }
  return { products, worths, chances };
}

function finiteMetric(metric: (rank: number) => number, rank: number): number {
  const worth = metric(rank);
  if (Number.isFinite(worth)) return worth;
  throw new RangeError(
    `metric must be finite at every rank, got ${worth} at rank ${rank}. ` +
      'Pass a function of one 1-based rank, such as (rank) => ndcgAt(rank, 10).',
  );
}
