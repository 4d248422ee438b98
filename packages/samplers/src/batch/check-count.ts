/** @throws {RangeError} if `count` is not an integer from 0 */
export function checkCount(count: number): void {
  if (Number.isInteger(count) && count >= 0) return;
  throw new RangeError(`count must be an integer from 0, got ${count}`);
}
