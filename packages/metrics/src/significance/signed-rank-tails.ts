export interface Tails {
  /** Probability of a sum at least as large. */
  readonly atLeast: number;
  /** Probability of a sum at most as large. */
  readonly atMost: number;
}

/**
 * Exact tails of the sum of the positive ranks if every sign is a fair coin:
 * the distribution over all `2^n` choices of signs for just these `ranks`, so
 * ties and dropped zeros are no approximation. The probability of each sum is
 * built up rank by rank, in O(n · sum of ranks).
 *
 * @param positive the sum that was seen, a sum of some of the `ranks`
 * @see Streitberg and Röhmel, "Exact Distributions for Permutation and Rank
 * Tests", Statistical Software Newsletter 1986: half ranks doubled to whole ones
 */
export function signedRankTails(ranks: Float64Array, positive: number): Tails {
  const scale = ranks.every(Number.isInteger) ? 1 : 2;
  const steps = ranks.map((rank) => rank * scale);
  const total = steps.reduce((sum, step) => sum + step, 0);
  const seen = positive * scale;

  const probabilities = new Float64Array(total + 1);
  probabilities[0] = 1;
  let reached = 0; // the largest sum possible so far
  for (const step of steps) {
    reached += step;
    for (let sum = reached; sum >= 0; sum--) {
      const before = sum >= step ? probabilities[sum - step]! : 0;
      probabilities[sum] = (probabilities[sum]! + before) / 2;
    }
  }

  // The distribution is symmetric, so both tails are sums from its low end.
  return {
    atLeast: sumOf(probabilities, total - seen),
    atMost: sumOf(probabilities, seen),
  };
}

function sumOf(probabilities: Float64Array, last: number): number {
  let sum = 0;
  for (let index = 0; index <= last; index++) sum += probabilities[index]!;
  return Math.min(1, sum);
}
