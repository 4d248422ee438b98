/**
 * How likely each 1-based rank is: weights scaled to a sum of 1, all equal by default.
 *
 * @throws {RangeError} unless there is one finite weight of at least 0 per item, and one above 0
 */
export function rankWeights(
  itemCount: number,
  distribution: ArrayLike<number> | undefined,
): (rank: number) => number {
  if (!distribution) return () => 1 / itemCount;
  if (distribution.length !== itemCount) {
    throw new RangeError(
      `rankDistribution must have one weight per rank, ${itemCount}, got ${distribution.length}. ` +
        'The first is for rank 1.',
    );
  }

  let sum = 0;
  for (let index = 0; index < itemCount; index++) {
    if (!(distribution[index]! >= 0)) {
      throw new RangeError(
        `weights in rankDistribution must be at least 0, got ${distribution[index]} for rank ` +
          `${index + 1}. Pass how often each rank came up.`,
      );
    }
    sum += distribution[index]!;
  }
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) {
    throw new RangeError(
      `rankDistribution must have a finite sum above 0, got ${sum}. ` +
        'Pass how often each rank came up.',
    );
  }
  return (rank) => distribution[rank - 1]! / sum;
}
