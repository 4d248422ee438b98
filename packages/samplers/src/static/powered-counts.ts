import { checkFrequencies } from './check-frequencies.ts';

/**
 * `(count + smoothing)^exponent` of each item, as a share of the largest, so that no power
 * overflows: `[itemCount]`. Items of count 0 without smoothing have 0, whatever the exponent.
 *
 * @throws {RangeError} if a count, `exponent` or `smoothing` is negative or not finite, or no item
 * could be drawn
 */
export function poweredCounts(
  counts: ArrayLike<number>,
  { exponent, smoothing }: { readonly exponent: number; readonly smoothing: number },
): Float64Array {
  checkFrequencies(counts, smoothing);
  if (!Number.isFinite(exponent) || exponent < 0) {
    throw new RangeError(`exponent must be a finite number from 0, got ${exponent}`);
  }
  const smoothed = Float64Array.from(counts, (count) => count + smoothing);
  const most = smoothed.reduce((a, b) => Math.max(a, b));
  // 0 ** 0 is 1, but unseen stays unseen.
  return smoothed.map((count) => (count > 0 ? (count / most) ** exponent : 0));
}
