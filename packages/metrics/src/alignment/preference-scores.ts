/** What one model says of the two sides of every preference. */
export interface PreferenceScores {
  /** Log-probability of the chosen item: shape `[rowCount]`. */
  readonly chosen: ArrayLike<number>;
  /** Log-probability of the rejected items: shape `[rowCount]`, or `[rowCount, rejectedCount]`. */
  readonly rejected: ArrayLike<number>;
}

/**
 * How many rejected items each row has, from the two lengths; 1 without rows.
 *
 * @throws {RangeError} if `rejected` does not hold the same positive number for each row
 */
export function rejectedCountOf({ chosen, rejected }: PreferenceScores): number {
  if (chosen.length === 0 && rejected.length === 0) return 1;
  const count = rejected.length / chosen.length;
  if (Number.isInteger(count) && count > 0) return count;
  throw new RangeError(
    `expected a whole number of rejected scores for each of ${chosen.length} rows, ` +
      `got ${rejected.length}. Pass [rowCount] or [rowCount, rejectedCount] scores.`,
  );
}

/** @throws {RangeError} unless both arrays have the same length */
export function checkSameLength(
  name: string,
  own: ArrayLike<number>,
  other: ArrayLike<number>,
): void {
  if (own.length === other.length) return;
  throw new RangeError(
    `expected as many ${name} scores in both, got ${own.length} and ${other.length}. ` +
      'Score the same preferences with both models.',
  );
}

/** Log-probability of a rejected item that is none: it is in no mean. */
export const leftOut: number = Number.NEGATIVE_INFINITY;
