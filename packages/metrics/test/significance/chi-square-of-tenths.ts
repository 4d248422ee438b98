/**
 * Pearson's statistic of how evenly values fall into ten tenths of [0, 1].
 * With 9 degrees of freedom, 27.88 is exceeded by chance once in a thousand.
 */
export function chiSquareOfTenths(values: readonly number[]): number {
  const counts = new Array<number>(10).fill(0);
  for (const value of values) counts[Math.min(9, Math.floor(value * 10))]!++;
  const expected = values.length / 10;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
