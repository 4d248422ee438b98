/**
 * How far counts are from what probabilities let expect, as a share of what chance allows: above 1
 * happens once in 10,000 runs. Cells that expect fewer than 5 are taken together; a count where
 * the probability is 0 gives infinity.
 */
export function chiSquareExcess(
  counts: readonly number[],
  probabilities: readonly number[],
): number {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  const cells = counts.map((count, cell) => ({ count, expected: draws * probabilities[cell]! }));
  if (cells.some(({ count, expected }) => count > 0 && expected === 0)) return Infinity;
  const rare = cells.filter(({ expected }) => expected < 5);
  const together = {
    count: rare.reduce((sum, { count }) => sum + count, 0),
    expected: rare.reduce((sum, { expected }) => sum + expected, 0),
  };
  const compared = cells
    .filter(({ expected }) => expected >= 5)
    .concat(together.expected >= 5 ? [together] : []);
  const statistic = compared.reduce(
    (sum, { count, expected }) => sum + (count - expected) ** 2 / expected,
    0,
  );
  return compared.length > 1 ? statistic / quantile9999(compared.length - 1) : 0;
}

/** The 99.99 % quantile of chi-square, after Wilson and Hilferty (1931); 7 % high at one degree. */
function quantile9999(degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * (1 - spread + 3.719 * Math.sqrt(spread)) ** 3; // 3.719: that of the normal
}
