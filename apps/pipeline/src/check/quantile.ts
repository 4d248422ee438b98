/**
 * The value below which a share of the values lies, between two of them by their distance: numpy's
 * `quantile` with its default method, `linear`.
 *
 * @param sorted ascending, at least one
 * @param share from 0 to 1
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const high = Math.ceil(place);
  return sorted[low]! + (place - low) * (sorted[high]! - sorted[low]!);
}
