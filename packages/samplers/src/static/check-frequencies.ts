/** @throws {RangeError} if one of them is negative or not finite, or none is positive */
export function checkFrequencies(counts: ArrayLike<number>, smoothing = 0): void {
  if (!Number.isFinite(smoothing) || smoothing < 0) {
    throw new RangeError(`smoothing must be a finite number from 0, got ${smoothing}`);
  }
  let most = 0;
  for (let item = 0; item < counts.length; item++) {
    const count = counts[item]!;
    if (!Number.isFinite(count) || count < 0) {
      throw new RangeError(`counts must be finite numbers from 0, got ${count} for item ${item}`);
    }
    most = Math.max(most, count + smoothing);
  }
  if (most > 0) return;
  throw new RangeError(`counts must have a positive one, got ${counts.length} without`);
}
