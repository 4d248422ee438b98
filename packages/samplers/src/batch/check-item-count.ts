/** @throws {RangeError} if `itemCount` is not an integer from 1 */
export function checkItemCount(itemCount: number): void {
  if (Number.isInteger(itemCount) && itemCount >= 1) return;
  throw new RangeError(`itemCount must be a positive integer, got ${itemCount}`);
}
