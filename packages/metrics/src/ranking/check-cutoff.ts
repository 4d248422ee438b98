/** @throws {RangeError} unless `cutoff` is a positive integer */
export function checkCutoff(cutoff: number): void {
  if (!Number.isInteger(cutoff) || cutoff < 1) {
    throw new RangeError(
      `cutoff must be a positive integer, got ${cutoff}. Pass the length of the list to judge.`,
    );
  }
}
