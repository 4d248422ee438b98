/** @throws {RangeError} if `scores` is not `[rowCount, itemCount]` */
export function checkScoreCount(scores: Float32Array, rowCount: number, itemCount: number): void {
  if (Number.isInteger(itemCount) && scores.length === rowCount * itemCount) return;
  const items = Number.isInteger(itemCount) ? `${itemCount} items` : 'every item';
  throw new RangeError(
    `scores must have one element for ${items} in each of ${rowCount} rows, got ${scores.length}`,
  );
}
