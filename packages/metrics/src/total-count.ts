/**
 * The sum of counts per item.
 *
 * @throws {RangeError} if a count is negative or not finite
 */
export function totalCount(counts: ArrayLike<number>): number {
  let total = 0;
  for (let item = 0; item < counts.length; item++) {
    const count = counts[item]!;
    if (!(count >= 0 && count < Infinity)) {
      throw new RangeError(
        `expected a count of at least 0 for item ${item}, got ${count}. ` +
          'Pass how often each item occurs, indexed by item.',
      );
    }
    total += count;
  }
  return total;
}
