/** @throws {RangeError} unless `rank` is at least 1; half ranks from averaged ties are fine */
export function checkRank(rank: number): void {
  if (!(rank >= 1)) {
    throw new RangeError(
      `rank must be at least 1, got ${rank}. Ranks are 1-based: the best item has rank 1.`,
    );
  }
}
