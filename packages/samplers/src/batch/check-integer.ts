/** @throws {RangeError} if `value` is not an integer from 1 */
export function checkPositiveInteger(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`${name} must be a positive integer, got ${value}`);
}

/** @throws {RangeError} if `value` is not an integer from 0 */
export function checkIntegerFromZero(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 0) return;
  throw new RangeError(`${name} must be an integer from 0, got ${value}`);
}
